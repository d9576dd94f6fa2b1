"""An optional language model: it may propose a query or reword an answer, and is never believed.

It writes no SQL and runs no code. A proposal passes the same catalog checks and the same authorization as
any other query; a rewording stands only where every figure and name of it is the answer's own.
"""
