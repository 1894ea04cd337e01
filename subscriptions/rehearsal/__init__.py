"""Rehearsing: dated stories of one customer, played through the real rules, actions, jobs and documents."""
