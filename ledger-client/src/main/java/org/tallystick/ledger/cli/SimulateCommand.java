package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.simulation.Comparison;
import org.tallystick.agreement.simulation.LimitStudy;
import org.tallystick.agreement.simulation.Limits;
import org.tallystick.agreement.simulation.Range;
import org.tallystick.agreement.simulation.Scenario;
import org.tallystick.agreement.simulation.Simulated;
import org.tallystick.agreement.simulation.Specimen;
import org.tallystick.agreement.simulation.Specimens;
import org.tallystick.agreement.simulation.Sweep;
import org.tallystick.agreement.simulation.TierLimit;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.ledger.chart.PayoutChart;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Tries terms on events that never happened.
@Command(
        name = "simulate",
        description = {
            "Tries terms out before they are signed: settles events that are imagined, and says who gets what.",
            "",
            "A case brings its own events, and --events FILE others. With terms alone, or with --volume,",
            "events are imagined that a clause counts: one volume in every period (--volume 5000000),",
            "or one volume after the other (--volume 0..5000000). Every figure is a settlement by the",
            "rules of the ledger, and both sides of each tier's limit are always shown. Amounts you type",
            "are minor units (cents), as in the terms."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  who gets what in each quarter of a case, and at the limits of its tiers",
            "  tally terms simulate docs/spec/examples/01-channel-reseller.json",
            "",
            "  payouts for volumes of 0 to USD 1,500,000.00, as a table and as a picture",
            "  tally terms simulate reseller.json --volume 0..150000000 --step 10000000 --chart payouts.svg",
            "",
            "  the same with facts of your choice, and with a price, where units count too",
            "  tally terms simulate reseller.json --attr product=sw --attr dealReg=true --price 250000",
            "",
            "  USD 20,000.00 a month for two years: when is an advance of USD 100,000.00 recouped?",
            "  tally terms simulate label.json --volume 2000000 --to 2028-12 --advance album=10000000",
            "",
            "  last year's events under amended terms that begin in 2027-Q1",
            "  tally terms simulate reseller-2026.json --amended reseller-v2.json --at 2027-Q1",
            "",
            "  your own events, and the table as a spreadsheet reads it",
            "  tally terms simulate reseller.json --events imagined.csv --csv periods"
        })
final class SimulateCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "a terms document, or a case")
    @Nullable
    Path file;

    @Option(
            names = "--events",
            paramLabel = "EVENTS",
            description = "events as in a case: .json (array), .jsonl or .csv (with a header)")
    @Nullable
    Path events;

    @Option(names = "--from", paramLabel = "PERIOD", description = "the first period (default: as the events say)")
    @Nullable
    Period from;

    @Option(
            names = "--to",
            paramLabel = "PERIOD",
            description = "the last period (default: as the events say; of a volume a year, of a range of volumes one "
                    + "period, or two where rates look back)")
    @Nullable
    Period to;

    @Mixin
    ImaginedOptions imagined = new ImaginedOptions();

    @ArgGroup(exclusive = false)
    @Nullable
    Amending amending;

    @Option(
            names = "--csv",
            paramLabel = "TABLE",
            description = "print one table as CSV, in minor units: ${COMPLETION-CANDIDATES}")
    SimulationCsv.@Nullable Sheet csv;

    @Option(
            names = "--chart",
            paramLabel = "FILE.svg",
            description =
                    "also draw payouts against volume; the range is that of --volume, or one that shows the tiers")
    @Nullable
    Path chart;

    SimulateCommand(Shell shell) {
        this.shell = shell;
    }

    /// Terms that are to take the place of those in FILE.
    static final class Amending {

        @Option(
                names = "--amended",
                required = true,
                paramLabel = "NEW",
                description = "settle the events under these terms too, moved by whole years to where they begin")
        Path amended = Path.of(".");

        @Option(
                names = "--at",
                paramLabel = "PERIOD",
                description = "the first period settled under NEW (default: the one after the last of the events)")
        @Nullable
        Period at;
    }

    @Override
    public Integer call() throws IOException, CommandFailure {
        if (events != null && imagined.volume != null) {
            throw CommandFailure.cannot(
                    "--events and --volume both say what happens", "give one of them, or run the command twice");
        }
        SimulationSubject subject = SimulationSubject.read(shell, given(file), events, from, to);
        check(subject);
        Terms terms = subject.terms();
        Specimens specimens = new Specimens(terms, subject.events(), imagined.wish());
        Optional<Occurrence> occurrence = occurrence(subject, specimens);
        boolean swept = imagined.volume == null ? occurrence.isEmpty() : imagined.volume.isRange();
        Optional<Sweep> sweep = swept || chart != null || csv == SimulationCsv.Sheet.VOLUMES
                ? Optional.of(sweep(subject, specimens))
                : Optional.empty();
        SimulationReport report = new SimulationReport(
                terms,
                occurrence.map(Occurrence::simulated),
                occurrence.map(Occurrence::events).orElse(List.of()),
                comparison(terms, occurrence),
                LimitStudy.of(terms, specimens, subject.opening(), new TreeMap<>(imagined.figures)),
                sweep,
                swept);
        if (chart != null && sweep.isPresent()) {
            Files.writeString(chart, new PayoutChart(sweep.get()).svg());
        }
        report.print(shell, csv);
        return report.isRefused() ? Tally.REFUSED : Tally.DONE;
    }

    /// Events that happened, or that were imagined as if they had.
    private record Occurrence(List<Json> events, Simulated simulated) {}

    private void check(SimulationSubject subject) throws CommandFailure {
        if (imagined.step != null && (imagined.volume == null || !imagined.volume.isRange())) {
            throw CommandFailure.cannot("--step " + imagined.step + " has no range", "give one: --volume 0..2000000");
        }
        if (!imagined.advances.isEmpty() && imagined.volume == null && subject.hasEvents()) {
            throw CommandFailure.cannot(
                    "--advance is paid beside an imagined volume, and none is imagined here",
                    "give --volume V, or write the advance among the events");
        }
        if (imagined.step != null && imagined.step.signum() <= 0) {
            throw CommandFailure.cannot("--step is above 0, not " + imagined.step);
        }
        if (imagined.price != null && imagined.price.signum() <= 0) {
            throw CommandFailure.cannot("--price is above 0, not " + imagined.price);
        }
        if (imagined.pieces != null && (imagined.pieces < 1 || imagined.pieces > Limits.EVENTS_OF_VOLUME)) {
            throw CommandFailure.cannot(
                    "--pieces is from 1 to " + Limits.EVENTS_OF_VOLUME + ", not " + imagined.pieces);
        }
        if (shell.json() && csv != null) {
            throw CommandFailure.cannot("--json and --csv are two forms of one answer", "give one of them");
        }
        if (csv == SimulationCsv.Sheet.AMENDED && amending == null) {
            throw CommandFailure.cannot("there are no amended terms to print as CSV", "name them: --amended NEW");
        }
        boolean happens = imagined.volume == null ? subject.hasEvents() : !imagined.volume.isRange();
        if ((csv == SimulationCsv.Sheet.PERIODS || csv == SimulationCsv.Sheet.ADVANCES) && !happens) {
            throw CommandFailure.cannot(
                    "nothing happens in any period that could be printed as CSV",
                    "give a case, or --events FILE, or --volume V");
        }
        List<TierLimit> limits = TierLimit.of(subject.terms());
        if (limits.size() > Limits.TIER_LIMITS) {
            throw CommandFailure.cannot("the tiers have " + limits.size() + " limits, more than " + Limits.TIER_LIMITS);
        }
        List<String> advances = subject.terms().clauses().stream()
                .filter(clause -> clause instanceof Clause.Advance)
                .map(Clause::id)
                .toList();
        for (String clause : imagined.advances.keySet()) {
            if (!advances.contains(clause)) {
                throw CommandFailure.cannot(
                        "no clause " + clause + " recoups advances",
                        advances.isEmpty()
                                ? "the terms have no advance clause"
                                : "those that do: " + String.join(", ", advances));
            }
        }
    }

    /// What happens in the periods, unless volumes are tried one after the other.
    private Optional<Occurrence> occurrence(SimulationSubject subject, Specimens specimens) throws CommandFailure {
        VolumeWord volume = imagined.volume;
        if (volume == null) {
            if (!subject.hasEvents()) {
                return Optional.empty();
            }
            List<Period> periods = subject.periods();
            return Optional.of(new Occurrence(
                    subject.events(),
                    Simulated.of(subject.terms(), subject.events(), periods.getFirst(), periods.getLast())));
        }
        if (volume.isRange()) {
            return Optional.empty();
        }
        Scenario scenario = scenario(subject, specimens, true);
        check(scenario, volume.from());
        return Optional.of(new Occurrence(scenario.events(volume.from()), scenario.simulated(volume.from())));
    }

    private Clause clause(SimulationSubject subject, Specimens specimens) throws CommandFailure {
        Terms terms = subject.terms();
        List<String> ids = terms.clauses().stream().map(Clause::id).toList();
        String id = imagined.clause;
        if (id == null) {
            return specimens
                    .moving()
                    .orElseThrow(() -> CommandFailure.cannot(
                            "no clause of " + subject.file() + " is moved by a volume of events",
                            "imagine the events yourself: --events FILE"));
        }
        return terms.clauses().stream()
                .filter(clause -> clause.id().equals(id))
                .findFirst()
                .orElseThrow(() -> CommandFailure.cannot(
                        "there is no clause " + id + " in " + subject.file(),
                        "its clauses are " + String.join(", ", ids)));
    }

    /// @param year whether a year is imagined unless something else was asked for
    private Scenario scenario(SimulationSubject subject, Specimens specimens, boolean year) throws CommandFailure {
        Clause clause = clause(subject, specimens);
        Specimen specimen = specimens
                .of(clause, subject.opening())
                .orElseThrow(() -> CommandFailure.cannot(
                        "no event could be imagined that clause " + clause.id() + " (" + clause.type() + ") counts"
                                + wished(),
                        "see what it counts: tally terms render " + subject.file()
                                + "; or choose another clause: --clause ID"));
        Optional<TierLimit> tiers = TierLimit.of(subject.terms()).stream()
                .filter(limit -> limit.clause().equals(clause))
                .findFirst();
        Period first = subject.from().orElse(specimen.periodFrom(subject.opening()));
        Period usual = year
                ? first.frequency().periodOf(first.start().plusYears(1)).previous()
                : first.plus(tiers.map(Scenario::periods).orElse(1) - 1);
        return new Scenario(
                subject.terms(),
                specimen,
                subject.imagined(first, usual),
                imagined.pieces == null ? tiers.map(Scenario::pieces).orElse(1) : imagined.pieces,
                new TreeMap<>(imagined.figures),
                new TreeMap<>(imagined.advances));
    }

    private String wished() {
        StringBuilder wished = new StringBuilder();
        if (imagined.type != null) {
            wished.append(" with --type ").append(imagined.type.text());
        }
        imagined.attrs.forEach((name, value) ->
                wished.append(" with --attr ").append(name).append('=').append(value));
        return wished.toString();
    }

    private Sweep sweep(SimulationSubject subject, Specimens specimens) throws CommandFailure {
        Scenario scenario = scenario(subject, specimens, false);
        Range range = range(scenario, clause(subject, specimens));
        check(scenario, range.to());
        BigInteger settlements =
                range.count().multiply(BigInteger.valueOf(scenario.periods().size()));
        if (range.count().compareTo(BigInteger.valueOf(Limits.VOLUMES)) > 0
                || settlements.compareTo(BigInteger.valueOf(Limits.SETTLEMENTS)) > 0) {
            boolean volumes = range.count().compareTo(BigInteger.valueOf(Limits.VOLUMES)) > 0;
            throw CommandFailure.cannot(
                    range.from() + " to " + range.to() + " in steps of " + range.step() + " are " + range.count()
                            + " volumes"
                            + (volumes
                                    ? ", more than " + Limits.VOLUMES
                                    : " in " + scenario.periods().size() + " periods, more than " + Limits.SETTLEMENTS
                                            + " settlements"),
                    "take larger steps, such as --step " + Range.step(range.from(), range.to()));
        }
        return Sweep.of(scenario, range);
    }

    private Range range(Scenario scenario, Clause clause) throws CommandFailure {
        VolumeWord volume = imagined.volume;
        if (volume == null || !volume.isRange()) {
            return Range.showing(scenario, clause);
        }
        if (volume.to().compareTo(volume.from()) < 0) {
            throw CommandFailure.cannot(
                    "the range " + volume.from() + ".." + volume.to() + " ends before it begins",
                    "the smaller volume comes first: --volume " + volume.to() + ".." + volume.from());
        }
        check(scenario, volume.from());
        Rational step = imagined.step == null ? Range.step(volume.from(), volume.to()) : imagined.step;
        if (!isWhole(scenario, step)) {
            throw CommandFailure.cannot("--step counts " + counted(scenario) + ", so it is whole, not " + step);
        }
        return new Range(volume.from(), volume.to(), step);
    }

    private static void check(Scenario scenario, Rational volume) throws CommandFailure {
        if (!isWhole(scenario, volume)) {
            throw CommandFailure.cannot("--volume counts " + counted(scenario) + ", so it is whole, not " + volume);
        }
        if (volume.floor().toString().length() > Limits.DIGITS_OF_VOLUME) {
            throw CommandFailure.cannot("--volume " + volume + " has more than " + Limits.DIGITS_OF_VOLUME + " digits");
        }
        if (scenario.count(volume).compareTo(BigInteger.valueOf(Limits.EVENTS_OF_VOLUME)) > 0) {
            throw CommandFailure.cannot(
                    "a volume of " + volume + " is " + scenario.count(volume) + " events in "
                            + scenario.periods().size() + " periods, more than " + Limits.EVENTS_OF_VOLUME,
                    "imagine less, or fewer --pieces or periods");
        }
    }

    private static boolean isWhole(Scenario scenario, Rational volume) {
        return scenario.specimen().of() == Measure.Of.QUANTITY || volume.isWhole();
    }

    private static String counted(Scenario scenario) {
        return switch (scenario.specimen().of()) {
            case AMOUNT -> "minor units of " + scenario.terms().currency();
            case QUANTITY -> "units";
            case COUNT -> scenario.specimen().type().text().toLowerCase(Locale.ROOT) + " events";
        };
    }

    private Optional<Comparison> comparison(Terms terms, Optional<Occurrence> occurrence)
            throws IOException, CommandFailure {
        Amending wanted = amending;
        if (wanted == null) {
            return Optional.empty();
        }
        Terms amended = TermsCommand.accepted(wanted.amended);
        if (amended.frequency() != terms.frequency()) {
            throw CommandFailure.cannot(
                    wanted.amended + " is settled every "
                            + amended.frequency().text() + ", " + file + " every "
                            + terms.frequency().text() + ": an amendment cannot change that",
                    "see all that it cannot: tally terms check " + wanted.amended + " --amends " + file
                            + " --from PERIOD");
        }
        Simulated simulated = occurrence
                .map(Occurrence::simulated)
                .orElseThrow(() -> CommandFailure.cannot(
                        "there are no events to compare old and amended terms on",
                        "give a case, or --events FILE, or --volume V"));
        Period at = wanted.at == null ? simulated.periods().getLast().next() : wanted.at;
        if (at.frequency() != terms.frequency()) {
            throw CommandFailure.cannot(
                    at + " is not a " + terms.frequency().text() + ", but " + file + " is settled every "
                            + terms.frequency().text(),
                    "give --at a period of its calendar");
        }
        return Optional.of(Comparison.of(terms, amended, at, occurrence.get().events(), simulated.periods()));
    }
}
