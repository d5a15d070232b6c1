"""Asking language models: which one, in what order, within which time and money; what comes back is proved by the asker.

    llm = app.llm.build.build(app.llm.config.LLMSettings(providers=..., tiers=...))
    answer = await llm.ask(Prompt("..."), complexity, accept, Terms(deadline_s=20))

`accept` makes a value of an answer's text or raises RejectedReply with advice; `ask` returns an Answer or raises
NoModelAnswered. The values are in `app.llm.types` and `app.llm.config`; docs/models.md describes all of it. This package
knows no music: it imports nothing of ours but `app.errors`.
"""
