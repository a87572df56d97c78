"""Incident and recovery analysis over the HolmesGPT SDK."""
