"""Finding the noise inside a block: words to pieces, pieces to spans."""
