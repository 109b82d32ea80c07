"""From bytes to text: wrappers, encodings, and whether it is HTML."""
