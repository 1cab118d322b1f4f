"""Tests of functions/chat/evidence."""
