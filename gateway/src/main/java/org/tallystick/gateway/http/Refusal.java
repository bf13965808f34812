package org.tallystick.gateway.http;

/// Ends a request with a problem; caught where answers are written.
final class Refusal extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    Refusal(Problem problem) {
        super(problem.code(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
