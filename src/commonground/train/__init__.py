"""TRAIN - scenarios to practise on, written as data."""
