"""Small widgets and painters that know nothing of the app: they take ready-made text and emit signals."""
