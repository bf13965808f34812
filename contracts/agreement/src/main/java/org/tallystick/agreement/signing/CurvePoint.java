package org.tallystick.agreement.signing;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.math.ec.ECPoint;

/// A point of P-256 (y^2 = x^3 - 3 x + b) by its coordinates; the neutral element has none.
record CurvePoint(FieldElement x, FieldElement y) {

    private static final FieldElement B =
            FieldElement.of(Es256.DOMAIN.getCurve().getB().toBigInteger());

    /// Of the two points with this `x` the one with an even `y`, if there are any.
    ///
    /// @param x from 0 to below the field's prime
    static Optional<CurvePoint> even(BigInteger x) {
        FieldElement at = FieldElement.of(x);
        FieldElement three = at.plus(at).plus(at);
        return at.squared()
                .times(at)
                .minus(three)
                .plus(B)
                .root()
                .map(y -> new CurvePoint(at, y.isOdd() ? y.negated() : y));
    }

    CurvePoint negated() {
        return new CurvePoint(x, y.negated());
    }

    ECPoint toBouncyCastle() {
        return Es256.DOMAIN.getCurve().createPoint(x.number(), y.number());
    }

    /// Adds up each of the lists, which then holds one point, or none if the sum is the neutral element.
    ///
    /// Neighbors are added in pairs, all pairs of all lists at a time, so that there is one division for all of
    /// them.
    static void addUp(List<List<CurvePoint>> lists) {
        while (true) {
            List<FieldElement> divisors = new ArrayList<>();
            for (List<CurvePoint> list : lists) {
                for (int i = 1; i < list.size(); i += 2) {
                    divisors.add(list.get(i - 1).divisor(list.get(i)));
                }
            }
            if (divisors.isEmpty()) {
                return;
            }
            FieldElement[] inverses = FieldElement.inverses(divisors);
            int pair = 0;
            for (int n = 0; n < lists.size(); n++) {
                List<CurvePoint> list = lists.get(n);
                List<CurvePoint> sums = new ArrayList<>();
                for (int i = 1; i < list.size(); i += 2, pair++) {
                    if (!inverses[pair].isZero()) {
                        sums.add(list.get(i - 1).plus(list.get(i), inverses[pair]));
                    }
                }
                if (list.size() % 2 == 1) {
                    sums.add(list.getLast());
                }
                lists.set(n, sums);
            }
        }
    }

    /// What the slope of the line through both is divided by, of the tangent if they are the same. Zero if one is
    /// the negative of the other: no point has `y` zero, as the order of the curve is odd.
    private FieldElement divisor(CurvePoint other) {
        if (!x.equals(other.x)) {
            return other.x.minus(x);
        }
        return y.plus(other.y);
    }

    /// The third point of the line, negated (SEC 1 section 2.2.1).
    ///
    /// @param inverse of the divisor
    private CurvePoint plus(CurvePoint other, FieldElement inverse) {
        FieldElement slope = rise(other).times(inverse);
        FieldElement third = slope.squared().minus(x).minus(other.x);
        return new CurvePoint(third, slope.times(x.minus(third)).minus(y));
    }

    private FieldElement rise(CurvePoint other) {
        if (!x.equals(other.x)) {
            return other.y.minus(y);
        }
        FieldElement square = x.squared().minus(FieldElement.ONE);
        return square.plus(square).plus(square);
    }
}
