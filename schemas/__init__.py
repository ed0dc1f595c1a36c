"""The ground floor: the shapes that travel between rooms, the settings, the errors and the registries."""
