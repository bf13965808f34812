package org.tallystick.ledger.chart;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.simulation.Payouts;
import org.tallystick.agreement.simulation.Result;
import org.tallystick.agreement.simulation.Sweep;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Terms;

/// Payouts against volume as a picture: a line for each party, and a mark where a tier ends, so that a cliff is seen
/// before terms are signed.
///
/// Every line has its own dashes and its own sign, so that it can be told from the others in black and white. All
/// lengths are computed in hundredths of a pixel, by exact numbers.
public final class PayoutChart {

    /// Lines in one picture; more could not be told apart.
    static final int MOST_LINES = 8;

    /// Tier limits that are explained below the picture.
    static final int MOST_LIMITS = 12;

    private static final int WIDTH = 960;
    private static final int HEIGHT = 380;
    private static final int MARGIN = 30;
    private static final int ROW = 20;
    private static final int LETTER = 8;
    private static final int LETTERS_OF_TITLE = 85;
    private static final int LETTERS_OF_LINE = 120;
    private static final int LETTERS_OF_NAME = 60;
    private static final int TICKS = 8;
    private static final int SIGNS = 7;
    private static final int CLEARANCE = 4_800;

    private static final List<String> COLORS =
            List.of("#0b3c8c", "#b02a00", "#1d6b30", "#6a2386", "#7a5600", "#005f6b", "#9b1048", "#3d3d3d");
    private static final List<String> DASHES =
            List.of("none", "9 4", "3 3", "12 4 3 4", "16 5", "6 3 2 3 2 3", "1 4", "20 4 6 4");

    private final Sweep sweep;
    private final Terms terms;
    private final SimulationWords words;
    private final Measure.Of of;
    private final List<Line> lines;
    private final int left;
    private final int plotWidth;
    private final Axis volumes;
    private final Axis amounts;
    private final Svg svg = new Svg();

    /// @param values by point; nothing where the settlement was refused
    /// @param like the party of an earlier line that is the same
    private record Line(int number, String party, List<Optional<BigInteger>> values, Optional<String> like) {}

    public PayoutChart(Sweep sweep) {
        this.sweep = sweep;
        this.terms = sweep.scenario().terms();
        this.words = new SimulationWords(terms);
        this.of = sweep.scenario().specimen().of();
        this.lines = lines(sweep);
        BigInteger least = BigInteger.ZERO;
        BigInteger most = BigInteger.ZERO;
        for (Line line : lines) {
            for (Optional<BigInteger> value : line.values()) {
                least = least.min(value.orElse(BigInteger.ZERO));
                most = most.max(value.orElse(BigInteger.ZERO));
            }
        }
        this.amounts = Axis.around(least, most, TICKS);
        int longest = amounts.ticks().stream()
                .mapToInt(tick -> words.money(tick.floor()).length())
                .max()
                .orElse(0);
        this.left = MARGIN + ROW + longest * LETTER;
        Rational from = sweep.points().getFirst().volume();
        Rational to = sweep.points().getLast().volume();
        int label = words.volume(of, to).length() * LETTER;
        this.plotWidth = Math.max(WIDTH - left - Math.max(MARGIN, label / 2 + LETTER), WIDTH / 3);
        this.volumes = Axis.exact(from, to, Math.max(1, plotWidth / (label + 3 * LETTER)));
    }

    private static List<Line> lines(Sweep sweep) {
        List<Payouts> paid = sweep.payouts();
        List<String> parties = Payouts.accounts(paid).stream()
                .filter(account -> !account.contains(":"))
                .filter(account -> largest(paid, account).signum() > 0)
                .toList();
        List<String> drawn = parties.stream()
                .sorted(Comparator.comparing((String party) -> largest(paid, party))
                        .reversed())
                .limit(MOST_LINES)
                .toList();
        List<Line> lines = new ArrayList<>();
        for (String party : parties) {
            if (drawn.contains(party)) {
                List<Optional<BigInteger>> values = sweep.points().stream()
                        .map(point -> value(point, party))
                        .toList();
                Optional<String> like = lines.stream()
                        .filter(line -> line.values().equals(values))
                        .map(Line::party)
                        .findFirst();
                lines.add(new Line(lines.size(), party, values, like));
            }
        }
        return lines;
    }

    private static BigInteger largest(List<Payouts> paid, String account) {
        return paid.stream().map(payouts -> payouts.of(account).net().abs()).reduce(BigInteger.ZERO, BigInteger::max);
    }

    private static Optional<BigInteger> value(Sweep.Point point, String party) {
        return point.result() instanceof Result.Paid(var payouts)
                ? Optional.of(payouts.of(party).net())
                : Optional.empty();
    }

    /// The picture; the same bytes whenever it is drawn.
    public String svg() {
        List<String> title = wrapped(terms.title() + ": payouts by volume", LETTERS_OF_TITLE);
        List<String> subtitle = wrapped(words.imagined(sweep.scenario()), LETTERS_OF_LINE);
        List<List<String>> limits = limits();
        int top = MARGIN + title.size() * 24 + subtitle.size() * ROW + 2 * ROW;
        int below = top + HEIGHT + 4 * ROW;
        int rows = (lines.size() + 1) / 2
                + 1
                + limits.stream().mapToInt(List::size).sum();
        int height = below + rows * ROW + notes().size() * ROW + MARGIN;
        svg.open(
                "svg",
                "width",
                Integer.toString(WIDTH),
                "height",
                Integer.toString(height),
                "viewBox",
                "0 0 " + WIDTH + " " + height,
                "role",
                "img",
                "aria-labelledby",
                "title description",
                "font-family",
                "'DejaVu Sans', Verdana, Arial, sans-serif",
                "font-size",
                "12",
                "fill",
                "#000000");
        svg.text("title", terms.title() + ": payouts by volume", "id", "title");
        svg.text("desc", description(), "id", "description");
        svg.empty("rect", "width", "100%", "height", "100%", "fill", "#ffffff");
        int y = MARGIN;
        for (String row : title) {
            y += 24;
            text(row, MARGIN, y - 6, "font-size", "18", "font-weight", "bold");
        }
        for (String row : subtitle) {
            y += ROW;
            text(row, MARGIN, y - 4);
        }
        grid(top);
        marks(top);
        lines.forEach(line -> draw(line, top));
        legend(below);
        explain(limits, below + ((lines.size() + 1) / 2 + 1) * ROW);
        svg.close();
        return svg.end();
    }

    private String description() {
        Sweep.Point last = sweep.points().getLast();
        StringBuilder text = new StringBuilder("At the "
                + words.counted(sweep.scenario().specimen()) + " of " + words.volume(of, last.volume()) + ":");
        for (Line line : lines) {
            text.append(' ')
                    .append(line.party())
                    .append(' ')
                    .append(line.values().getLast().map(words::money).orElse("refused"))
                    .append(';');
        }
        text.append(" tier limits: ").append(sweep.marks().size());
        return text.toString();
    }

    private void text(String content, int x, int y, String... more) {
        textAt(content, x * 100L, y * 100L, more);
    }

    private void textAt(String content, long x, long y, String... more) {
        List<String> attributes = new ArrayList<>(List.of("x", Svg.px(x), "y", Svg.px(y)));
        attributes.addAll(List.of(more));
        svg.text("text", content, attributes.toArray(String[]::new));
    }

    private long x(Rational volume) {
        return left * 100L + volumes.position(volume, plotWidth);
    }

    private long y(Rational amount, int top) {
        return (top + HEIGHT) * 100L - amounts.position(amount, HEIGHT);
    }

    private void grid(int top) {
        for (Rational tick : amounts.ticks()) {
            String at = Svg.px(y(tick, top));
            boolean zero = tick.signum() == 0;
            rule(Svg.px(left * 100L), at, Svg.px((left + plotWidth) * 100L), at, zero ? "#000000" : "#cccccc");
            textAt(words.money(tick.floor()), (left - LETTER) * 100L, y(tick, top) + 400, "text-anchor", "end");
        }
        for (Rational tick : volumes.ticks()) {
            String at = Svg.px(x(tick));
            rule(at, Svg.px((top + HEIGHT) * 100L), at, Svg.px((top + HEIGHT + 6) * 100L), "#000000");
            textAt(words.volume(of, tick), x(tick), (top + HEIGHT + ROW) * 100L, "text-anchor", "middle");
        }
        svg.empty(
                "rect",
                "x",
                Integer.toString(left),
                "y",
                Integer.toString(top),
                "width",
                Integer.toString(plotWidth),
                "height",
                Integer.toString(HEIGHT),
                "fill",
                "none",
                "stroke",
                "#000000");
        text(
                words.counted(sweep.scenario().specimen()),
                left + plotWidth / 2,
                top + HEIGHT + 2 * ROW + 4,
                "text-anchor",
                "middle",
                "font-weight",
                "bold");
        String turned = "rotate(-90 " + (MARGIN - 8) + " " + (top + HEIGHT / 2) + ")";
        text(
                "net payout in " + terms.currency(),
                MARGIN - 8,
                top + HEIGHT / 2,
                "text-anchor",
                "middle",
                "font-weight",
                "bold",
                "transform",
                turned);
    }

    private void rule(String x1, String y1, String x2, String y2, String color) {
        svg.empty("line", "x1", x1, "y1", y1, "x2", x2, "y2", y2, "stroke", color);
    }

    /// A line down at each tier limit; limits that are close to each other share a number, such as `2-4`.
    private void marks(int top) {
        List<Long> places = sweep.marks().stream()
                .limit(MOST_LIMITS)
                .map(mark -> x(mark.volume()))
                .toList();
        int first = 0;
        for (int i = 0; i < places.size(); i++) {
            svg.empty(
                    "line",
                    "x1",
                    Svg.px(places.get(i)),
                    "y1",
                    Svg.px(top * 100L),
                    "x2",
                    Svg.px(places.get(i)),
                    "y2",
                    Svg.px((top + HEIGHT) * 100L),
                    "stroke",
                    "#666666",
                    "stroke-dasharray",
                    "2 3");
            if (i + 1 == places.size() || places.get(i + 1) - places.get(first) >= CLEARANCE) {
                String numbers = first == i ? "" + (i + 1) : (first + 1) + "-" + (i + 1);
                textAt(numbers, places.get(first), (top - 6) * 100L, "text-anchor", "middle", "font-weight", "bold");
                first = i + 1;
            }
        }
    }

    private void draw(Line line, int top) {
        StringBuilder path = new StringBuilder();
        boolean down = false;
        for (int i = 0; i < line.values().size(); i++) {
            Optional<BigInteger> value = line.values().get(i);
            if (value.isPresent()) {
                path.append(down ? " L" : " M")
                        .append(Svg.px(x(sweep.points().get(i).volume())))
                        .append(' ')
                        .append(Svg.px(y(Rational.whole(value.get()), top)));
            }
            down = value.isPresent();
        }
        svg.open("g", "stroke", color(line), "fill", "none", "stroke-width", "2");
        svg.empty("path", "d", path.toString().strip(), "stroke-dasharray", DASHES.get(line.number()));
        int apart = Math.max(1, line.values().size() / SIGNS);
        for (int i = line.number() * apart / MOST_LINES; i < line.values().size(); i += apart) {
            Optional<BigInteger> value = line.values().get(i);
            if (value.isPresent()) {
                sign(line, x(sweep.points().get(i).volume()), y(Rational.whole(value.get()), top));
            }
        }
        svg.close();
    }

    private static String color(Line line) {
        return COLORS.get(line.number());
    }

    /// One of eight shapes, half of them filled.
    private void sign(Line line, long x, long y) {
        boolean filled = line.number() % 2 == 0;
        String fill = filled ? color(line) : "#ffffff";
        switch (line.number() / 2) {
            case 0 -> svg.empty("circle", "cx", Svg.px(x), "cy", Svg.px(y), "r", "4", "fill", fill);
            case 1 ->
                svg.empty(
                        "rect", "x", Svg.px(x - 400), "y", Svg.px(y - 400), "width", "8", "height", "8", "fill", fill);
            case 2 -> polygon(fill, x, y - 500, x + 500, y + 400, x - 500, y + 400);
            default -> polygon(fill, x, y - 550, x + 550, y, x, y + 550, x - 550, y);
        }
    }

    private void polygon(String fill, long... corners) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < corners.length; i += 2) {
            points.append(i == 0 ? "" : " ")
                    .append(Svg.px(corners[i]))
                    .append(',')
                    .append(Svg.px(corners[i + 1]));
        }
        svg.empty("polygon", "points", points.toString(), "fill", fill);
    }

    /// In two columns, each line with its dashes and its sign.
    private void legend(int top) {
        for (Line line : lines) {
            int x = MARGIN + line.number() % 2 * (WIDTH / 2);
            int y = top + line.number() / 2 * ROW;
            svg.open("g", "stroke", color(line), "fill", "none", "stroke-width", "2");
            svg.empty(
                    "path",
                    "d",
                    "M" + x + " " + (y - 4) + " L" + (x + 48) + " " + (y - 4),
                    "stroke-dasharray",
                    DASHES.get(line.number()));
            sign(line, (x + 24) * 100L, (y - 4) * 100L);
            svg.close();
            text(
                    cut(line.party()
                            + line.like().map(other -> " (as " + other + ")").orElse("")),
                    x + 58,
                    y);
        }
    }

    private static String cut(String name) {
        return name.length() <= LETTERS_OF_NAME ? name : name.substring(0, LETTERS_OF_NAME - 3) + "...";
    }

    /// What each tier limit says, and what one more unit changes there.
    private List<List<String>> limits() {
        List<List<String>> limits = new ArrayList<>();
        for (int i = 0; i < Math.min(sweep.marks().size(), MOST_LIMITS); i++) {
            Sweep.Mark mark = sweep.marks().get(i);
            String text = (i + 1) + ". " + words.limit(mark.limit())
                    + change(mark).map(change -> "; one step more: " + change).orElse("");
            limits.add(wrapped(text, LETTERS_OF_LINE));
        }
        return limits;
    }

    private Optional<String> change(Sweep.Mark mark) {
        int at = 0;
        while (!sweep.points().get(at).volume().equals(mark.volume())) {
            at++;
        }
        if (at + 1 >= sweep.points().size()) {
            return Optional.empty();
        }
        List<String> changes = new ArrayList<>();
        for (Line line : lines) {
            Optional<BigInteger> before = line.values().get(at);
            Optional<BigInteger> after = line.values().get(at + 1);
            if (before.isPresent() && after.isPresent() && !before.equals(after)) {
                BigInteger change = after.get().subtract(before.get());
                changes.add(line.party() + " " + (change.signum() > 0 ? "+" : "") + words.money(change));
            }
        }
        return Optional.of(changes.isEmpty() ? "no change" : String.join(", ", changes));
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        long parties = Payouts.accounts(sweep.payouts()).stream()
                .filter(account -> !account.contains(":"))
                .filter(account -> largest(sweep.payouts(), account).signum() > 0)
                .count();
        if (parties > lines.size()) {
            notes.add((parties - lines.size()) + " more parties are not drawn");
        }
        if (sweep.marks().size() > MOST_LIMITS) {
            notes.add((sweep.marks().size() - MOST_LIMITS) + " more tier limits are not drawn");
        }
        sweep.refused()
                .ifPresent(refused -> notes.add(
                        "where a line is missing the settlement is refused: " + String.join(", ", refused.codes())));
        return notes;
    }

    private void explain(List<List<String>> limits, int top) {
        int y = top;
        for (List<String> limit : limits) {
            for (String row : limit) {
                text(row, MARGIN, y);
                y += ROW;
            }
        }
        for (String note : notes()) {
            text(note, MARGIN, y);
            y += ROW;
        }
    }

    /// In rows of at most so many letters, broken between words, or inside one that is longer than a row.
    private static List<String> wrapped(String text, int letters) {
        List<String> rows = new ArrayList<>();
        String rest = text;
        while (rest.length() > letters) {
            int end = rest.lastIndexOf(' ', letters);
            int cut = end > 0 ? end : letters;
            rows.add(rest.substring(0, cut));
            rest = rest.substring(cut).strip();
        }
        rows.add(rest);
        return rows;
    }
}
