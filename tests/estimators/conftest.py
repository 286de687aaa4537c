"""What the tests of estimators share."""

import pytest


@pytest.fixture
def refused(frozen):
    """A check: the call raises exactly this error with these words, and changes nothing."""

    def check(model, call, error, words):
        before = frozen(vars(model))
        with pytest.raises(error) as caught:
            call()
        assert caught.type is error
        assert words in str(caught.value)
        assert frozen(vars(model)) == before

    return check
