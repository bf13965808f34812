package org.tallystick.agreement.numbers;

import java.math.BigInteger;

public record Rational(BigInteger numerator, BigInteger denominator) {}
