"""A small sentence encoder that judges what the screen passes; see :mod:`.judge`.

All of it is optional: without onnxruntime, tokenizers and the base weights the classifier
judges with its linear half alone.
"""
