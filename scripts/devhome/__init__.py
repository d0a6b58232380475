"""A Home Assistant of its own for trying the integration out, and its API."""
