"""Small model servers on loopback that speak the providers' own wire formats and misbehave on command."""
