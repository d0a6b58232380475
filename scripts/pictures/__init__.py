"""Takes the pictures of the README and the documentation from the running product."""
