package org.tallystick.ledger.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.simulation.Advance;
import org.tallystick.agreement.simulation.Comparison;
import org.tallystick.agreement.simulation.EventFinding;
import org.tallystick.agreement.simulation.LimitStudy;
import org.tallystick.agreement.simulation.Result;
import org.tallystick.agreement.simulation.Simulated;
import org.tallystick.agreement.simulation.Sweep;
import org.tallystick.agreement.terms.Terms;

/// All that a simulation found, to be printed in one of three forms.
///
/// @param simulated the events settled, unless volumes were tried one after the other
/// @param events that were settled
/// @param swept whether the volumes were asked for, and not only drawn
record SimulationReport(
        Terms terms,
        Optional<Simulated> simulated,
        List<Json> events,
        Optional<Comparison> comparison,
        List<LimitStudy> limits,
        Optional<Sweep> sweep,
        boolean swept) {

    /// Whether some settlement or the amendment was refused.
    boolean isRefused() {
        return simulated.flatMap(Simulated::refused).isPresent()
                || comparison
                        .filter(sides -> sides.isRefused() || !sides.findings().isEmpty())
                        .isPresent()
                || sweep.flatMap(Sweep::refused).isPresent()
                || limits.stream()
                        .flatMap(study -> study.rows().stream())
                        .anyMatch(row -> row.result() instanceof Result.Refused);
    }

    /// What is wrong with the events, as far as one alone shows it; nothing if all were settled.
    List<EventFinding> eventFindings() {
        return simulated
                .filter(settled -> settled.refused().isPresent())
                .map(settled -> EventFinding.of(terms, settled.periods().getFirst(), events))
                .orElse(List.of());
    }

    /// @param sheet the table to print as CSV, if it is that
    void print(Shell shell, SimulationCsv.@Nullable Sheet sheet) throws IOException {
        if (sheet != null) {
            shell.out().print(new SimulationCsv(this).text(sheet));
        } else if (shell.json()) {
            shell.print(encode());
        } else {
            new SimulationText(this, shell.out()).print();
        }
    }

    private Json.Obj encode() {
        return Json.object()
                .with(
                        "advances",
                        simulated.map(settled -> Json.array(
                                settled.advances().stream().map(Advance::encode).toList())))
                .with("amended", comparison.map(Comparison::encode))
                .with("currency", terms.currency())
                .with(
                        "eventFindings",
                        Json.array(eventFindings().stream()
                                .map(finding -> Json.object()
                                        .with("code", finding.code())
                                        .with("event", finding.event())
                                        .build())
                                .toList()))
                .with(
                        "limits",
                        Json.array(limits.stream().map(LimitStudy::encode).toList()))
                .with("periods", simulated.map(Simulated::encode))
                .with("terms", terms.hash().hex())
                .with("total", simulated.map(settled -> settled.total().encode()))
                .with("volumes", sweep.map(Sweep::encode))
                .build();
    }
}
