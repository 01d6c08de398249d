"""Notices (消息): what a person should know, in the application always and by other channels when they fit."""
