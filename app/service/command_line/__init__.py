"""The command line: what a line means, how its words go on, and which verbs there are.

`verbs` is the one table that help, completion and reading follow; `reading` says what a line means; `completing` how a
word goes on; `directory` what the desk knows by which name. Nothing here does anything: a reading becomes commands in
widgets/panels/command_plan.py, through the operator actions. Must not know Qt.
"""
