"""A model of random weights, half a megabyte: it knows nothing, and obeys a schema like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

DIMENSION: Final = 64
LAYERS: Final = 2
CONTEXT: Final = 4096


def write(path: Path) -> Path:
    """The model file: architecture llama, a vocabulary of bytes and ASCII, weights of a fixed seed."""
    import gguf
    import numpy

    random = numpy.random.default_rng(7)
    tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{byte:02X}>".encode() for byte in range(256))]
    tokens += [bytes([byte]) for byte in range(33, 127)] + ["▁".encode()]
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(DIMENSION)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(DIMENSION * 2)
    writer.add_head_count(4)
    writer.add_head_count_kv(4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(DIMENSION // 4)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([2, 3, 3, *[6] * 256, *[1] * 95])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)

    def weights(name: str, *shape: int) -> None:
        values: Any = random.standard_normal(shape).astype(numpy.float32) * 0.05
        writer.add_tensor(name, numpy.ones(shape, numpy.float32) if "norm" in name else values)

    weights("token_embd.weight", len(tokens), DIMENSION)
    weights("output_norm.weight", DIMENSION)
    weights("output.weight", len(tokens), DIMENSION)
    for layer in range(LAYERS):
        weights(f"blk.{layer}.attn_norm.weight", DIMENSION)
        weights(f"blk.{layer}.ffn_norm.weight", DIMENSION)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            weights(f"blk.{layer}.{name}.weight", DIMENSION, DIMENSION)
        for name in ("ffn_gate", "ffn_up"):
            weights(f"blk.{layer}.{name}.weight", DIMENSION * 2, DIMENSION)
        weights(f"blk.{layer}.ffn_down.weight", DIMENSION, DIMENSION * 2)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
