"""Pure folds of the journal into what the screens show. No I/O, no clock, no Qt."""
