package org.tallystick.agreement.signing;

/// A key that is kept elsewhere did not sign. Nothing was signed, so nothing was sent.
public final class SigningFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String hint;

    public SigningFailed(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /// What its owner can do about it.
    public String hint() {
        return hint;
    }
}
