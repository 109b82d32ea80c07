"""Work in several processes, which may die or hang without harm to the rest."""
