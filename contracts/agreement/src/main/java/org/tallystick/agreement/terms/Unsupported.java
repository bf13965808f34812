package org.tallystick.agreement.terms;

import java.util.SortedSet;

/// What the language has and this engine does not compute yet: said by name, and refused.
final class Unsupported {

    private static final String CODE = "not_supported_yet";

    private Unsupported() {}

    static void check(Terms terms, SortedSet<Finding> findings) {
        for (int i = 0; i < terms.clauses().size(); i++) {
            String at = "/clauses/" + i;
            switch (terms.clauses().get(i)) {
                case Clause.Guarantee _ -> add(findings, at, "guarantees");
                case Clause.Advance _ -> add(findings, at, "advances");
                case Clause.Reserve _ -> add(findings, at, "reserves");
                case Clause.Withholding _ -> add(findings, at, "withholdings");
                case Clause.Waterfall _ -> add(findings, at, "waterfalls");
                case Clause.Fee _, Clause.Unit _, Clause.Fund _, Clause.Split _, Clause.Fixed _, Clause.Kpi _ -> {}
            }
        }
        if (terms.settlement().fx().isPresent()) {
            add(findings, "/settlement/fx", "conversions of currency");
        }
    }

    private static void add(SortedSet<Finding> findings, String at, String what) {
        findings.add(new Finding(CODE, at, what + " are part of terms/1 but are not settled by this engine yet"));
    }
}
