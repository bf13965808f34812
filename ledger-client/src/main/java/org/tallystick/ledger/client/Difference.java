package org.tallystick.ledger.client;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;

/// What one version of an agreement has changed of another: in the English of its terms, line by line, and in the whole
/// document, member by member, so that nothing is hidden behind the English.
///
/// @param text lines that begin with `-` (before), `+` (after) or a space (both, for context); `...` stands for lines
/// that are left out; nothing if the English is the same
/// @param rest what differs in the document, by JSON pointer, its terms included
public record Difference(List<String> text, List<Change> rest) {

    private static final int CONTEXT = 2;
    /// `---` and `+++` name the files, which are none here.
    private static final int NAMES = 2;
    private static final String HUNK = "@@";
    /// Where a version says when it starts.
    public static final String STARTS = "/starts";
    /// What every version has of its own.
    private static final List<String> PLACE = List.of("number", "supersedes");
    /// What tells the elements of a list from each other, wherever they stand.
    private static final List<String> NAMES_OF_ELEMENTS = List.of("id", "seat", "notices", "hash", "party");

    public Difference {
        text = List.copyOf(text);
        rest = List.copyOf(rest);
    }

    /// @param at JSON pointer; of an element of a list in the version that has it
    /// @param before nothing if it is new
    /// @param after nothing if it is gone
    public record Change(String at, Optional<Json> before, Optional<Json> after) {

        Json.Obj encode() {
            return Json.object()
                    .with("after", after)
                    .with("at", at)
                    .with("before", before)
                    .build();
        }
    }

    public static Difference of(AgreementView.VersionView before, AgreementView.VersionView after) {
        return of(before.json(), before.rendered(), after.json(), after.rendered());
    }

    /// @param english of the terms
    static Difference of(Json.Obj before, String english, Json.Obj after, String otherEnglish) {
        List<String> text = lines(english.lines().toList(), otherEnglish.lines().toList());
        List<Change> changes = new ArrayList<>();
        for (String member : names(before, after)) {
            if (!PLACE.contains(member)) {
                compare(Form.pointer("", member), before.find(member), after.find(member), changes);
            }
        }
        return new Difference(text, changes);
    }

    private static List<String> lines(List<String> before, List<String> after) {
        List<String> unified =
                UnifiedDiffUtils.generateUnifiedDiff("", "", before, DiffUtils.diff(before, after), CONTEXT);
        List<String> lines = new ArrayList<>();
        for (String line : unified.subList(Math.min(NAMES, unified.size()), unified.size())) {
            if (!line.startsWith(HUNK)) {
                lines.add(line);
            } else if (!lines.isEmpty()) {
                lines.add("...");
            }
        }
        return lines;
    }

    private static SortedSet<String> names(Json.Obj before, Json.Obj after) {
        TreeSet<String> names = new TreeSet<>(before.members().keySet());
        names.addAll(after.members().keySet());
        return names;
    }

    private static void compare(String at, Optional<Json> before, Optional<Json> after, List<Change> changes) {
        if (before.equals(after)) {
            return;
        }
        if (before.isPresent() && after.isPresent()) {
            if (before.get() instanceof Json.Obj one && after.get() instanceof Json.Obj other) {
                for (String member : names(one, other)) {
                    compare(Form.pointer(at, member), one.find(member), other.find(member), changes);
                }
                return;
            }
            Optional<String> name = nameOfElements(before.get(), after.get());
            if (name.isPresent()) {
                compareElements(at, (Json.Arr) before.get(), (Json.Arr) after.get(), name.get(), changes);
                return;
            }
        }
        changes.add(new Change(at, before, after));
    }

    /// The member that names every element of both lists, each by another text; nothing if there is none.
    private static Optional<String> nameOfElements(Json before, Json after) {
        return before instanceof Json.Arr one && after instanceof Json.Arr other
                ? NAMES_OF_ELEMENTS.stream()
                        .filter(name -> isName(name, one) && isName(name, other))
                        .findFirst()
                : Optional.empty();
    }

    private static boolean isName(String name, Json.Arr list) {
        SortedSet<String> texts = new TreeSet<>();
        return list.items().stream()
                .allMatch(item -> item instanceof Json.Obj object
                        && object.find(name).filter(Json.Text.class::isInstance).isPresent()
                        && texts.add(object.text(name)));
    }

    private static void compareElements(String at, Json.Arr before, Json.Arr after, String name, List<Change> changes) {
        TreeMap<String, Integer> old = places(before, name);
        TreeMap<String, Integer> now = places(after, name);
        int known = changes.size();
        old.forEach((element, place) -> {
            if (!now.containsKey(element)) {
                changes.add(
                        new Change(at + "/" + place, Optional.of(before.items().get(place)), Optional.empty()));
            }
        });
        now.forEach((element, place) -> {
            Optional<Json> was = Optional.ofNullable(old.get(element)).map(before.items()::get);
            compare(at + "/" + place, was, Optional.of(after.items().get(place)), changes);
        });
        if (changes.size() == known) {
            // Only their order is another.
            changes.add(new Change(at, Optional.of(before), Optional.of(after)));
        }
    }

    private static TreeMap<String, Integer> places(Json.Arr list, String name) {
        TreeMap<String, Integer> places = new TreeMap<>();
        for (int i = 0; i < list.items().size(); i++) {
            places.put(((Json.Obj) list.items().get(i)).text(name), i);
        }
        return places;
    }

    /// Whether nothing differs but when it starts.
    public boolean changesNothing() {
        return text.isEmpty() && rest.stream().allMatch(change -> change.at().equals(STARTS));
    }

    public boolean isNone() {
        return text.isEmpty() && rest.isEmpty();
    }

    public Json.Obj encode() {
        return Json.object()
                .with("rest", Json.array(rest.stream().map(Change::encode).toList()))
                .with("text", Json.texts(text))
                .build();
    }
}
