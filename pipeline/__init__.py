"""From documents to judged samples: passages, recipes, the models, filters and selection."""
