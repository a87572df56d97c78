"""Mock LLM: an OpenAI-compatible server that answers from a scenario file."""
