package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// A block as the tables have it.
///
/// Several gateways follow the same ledger into the same tables. Whoever comes second finds the block
/// stored, and writes nothing; all of it is written by one of them, alone.
final class Projected {

    private Projected() {}

    /// @return false if it is stored already
    static boolean apply(Connection on, BlockChange change) throws SQLException {
        long last =
                Rows.one(on, "SELECT block FROM ledger", row -> row.getLong(1)).orElse(-2L);
        if (change.block() <= last) {
            return false;
        }
        if (change.block() != last + 1) {
            throw new IllegalStateException("block " + change.block() + " is not the next after " + last);
        }
        verdicts(on, change.verdicts());
        Rows.each(
                on,
                "INSERT INTO report (agreement, source, first, run) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                change.runs().stream()
                        .map(run -> new Object[] {run.agreement(), run.source(), run.reportFirst(), run.runFirst()})
                        .toList());
        Rows.each(
                on,
                "INSERT INTO story (agreement, block, tx, item, act, entry) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                change.story().stream().map(Projected::story).toList());
        LogStore.append(on, change.log());
        ListStore.append(on, change);
        Rows.each(
                on,
                "DELETE FROM sending WHERE transaction_id = ?",
                change.settled().stream()
                        .map(transaction -> new Object[] {transaction})
                        .toList());
        Rows.run(on, "UPDATE ledger SET block = ?", change.block());
        return true;
    }

    private static void verdicts(Connection on, List<BlockChange.Verdict> verdicts) throws SQLException {
        List<Object[]> rows = new ArrayList<>();
        List<Object[]> done = new ArrayList<>();
        List<Object[]> effects = new ArrayList<>();
        Set<String> agreements = new TreeSet<>();
        for (BlockChange.Verdict verdict : verdicts) {
            String hash = verdict.instruction().hex();
            rows.add(new Object[] {
                hash,
                verdict.home(),
                verdict.party(),
                verdict.id(),
                Rows.spelled(verdict.answer()),
                verdict.position().block(),
                verdict.position().transaction(),
                verdict.position().item()
            });
            done.add(new Object[] {hash});
            effects.addAll(effects(verdict));
            if (!verdict.home().equals(Keys.REGISTRY)) {
                agreements.add(verdict.home());
            }
        }
        Rows.each(
                on,
                "INSERT INTO verdict (hash, home, party, id, answer, block, tx, item) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                rows);
        Rows.each(
                on, "UPDATE instruction SET state = 'done', envelope = NULL WHERE hash = ? AND state <> 'done'", done);
        Rows.each(
                on,
                "INSERT INTO effect (kind, subject, name, verdict) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                effects);
        Rows.each(
                on,
                "INSERT INTO agreement (id) VALUES (?) ON CONFLICT DO NOTHING",
                agreements.stream().map(id -> new Object[] {id}).toList());
    }

    /// What a verdict did that is asked for without knowing the instruction.
    private static List<Object[]> effects(BlockChange.Verdict verdict) {
        List<Object[]> effects = new ArrayList<>();
        if (!verdict.answer().has("effects")) {
            return effects;
        }
        for (Json item : verdict.answer().items("effects")) {
            if (!(item instanceof Json.Obj effect)) {
                continue;
            }
            String kind = effect.findText("kind").orElse("");
            String hash = verdict.instruction().hex();
            switch (kind) {
                case "settlement" -> effects.add(new Object[] {kind, verdict.home(), effect.text("period"), hash});
                case "key" -> effects.add(new Object[] {kind, effect.text("owner"), effect.text("thumb"), hash});
                case "claim" -> {
                    if (effect.text("state").equals("open")) {
                        effects.add(new Object[] {kind, verdict.home(), effect.text("claim"), hash});
                    }
                }
                default -> {}
            }
        }
        return effects;
    }

    private static Object[] story(BlockChange.Told told) {
        return new Object[] {
            told.agreement(),
            told.entry().at().block(),
            (int) told.entry().at().transaction(),
            (int) told.entry().at().item(),
            told.entry().act(),
            Rows.spelled(told.entry().encode())
        };
    }
}
