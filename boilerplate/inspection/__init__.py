"""A labelled page shown block by block: nothing of the page runs, and nothing is fetched."""
