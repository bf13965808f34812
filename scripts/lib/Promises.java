import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

private static final List<Promised> PROMISES = List.of(
        new Promised("P1", "An acknowledged instruction is never lost", ""),
        new Promised("P2", "An instruction takes effect at most once, however often and wherever it is sent", ""),
        new Promised("P3", "The same id with other content is refused", ""),
        new Promised("P4", "A final state never changes, and states only move forward", ""),
        new Promised("P11", "A storm of conflicts converges: all get their verdicts, within bounded attempts", ""),
        new Promised("P12", "The loss of orderers or peers loses nothing; at worst 503 with Retry-After", ""),
        new Promised("P13", "An unknown outcome is resolved, never guessed", ""),
        new Promised("P14", "The items of a batch are independent of each other", ""),
        new Promised("P17", "The stream of events has no gap and no other order, and each is delivered at least once", ""),
        new Promised("P18", "Webhooks are signed, repeated, in order, and lead to no private address", ""),
        new Promised("P28", "A stop in good order loses nothing and takes less than 30 s", ""),
        new Promised(
                "P29",
                "An upgrade: old and new gateways work together, tables move forward, one can be rolled back",
                "there is no older schema yet that an old and a new gateway could share"),
        new Promised("P30", "Overload is turned away with 429 or 503, and does not harm what was taken in", ""),
        new Promised("P32", "A gateway goes on over an old backup of its store, or over an empty one", ""));

private static final String FILE = "docs/PROMISES.md";
private static final String NEVER = "not in a long run yet";

/// Makes `docs/PROMISES.md` from the tests that name a promise (`@Promise`), and from Surefire's reports of a long run.
///
/// Usage: java Promises.java ROOT check        says what is wrong, or that the file is not what the tests say
///        java Promises.java ROOT write        writes the file; results stay as they were
///        java Promises.java ROOT ran RUN      writes it with the results of the tests that were just run; RUN names it
void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
    Path file = root.resolve(FILE);
    List<Test> tests = tests(root);
    List<String> faults = faults(tests);
    if (!faults.isEmpty()) {
        faults.forEach(fault -> IO.println("promises: error: " + fault));
        System.exit(1);
    }
    String before = Files.exists(file) ? Files.readString(file) : "";
    Map<String, String> results = results(before);
    if (arguments[1].equals("ran")) {
        results.putAll(ran(root, tests, arguments[2]));
    }
    String now = page(tests, results);
    if (!arguments[1].equals("check")) {
        Files.writeString(file, now);
    } else if (!now.equals(before)) {
        IO.println("promises: error: " + FILE + " is not what the tests say");
        IO.println("promises: hint: ./scripts/format writes it");
        System.exit(1);
    }
}

/// What we promise about the gateway. The rest of a promise stands in the tests that name it.
///
/// @param open what of it no test holds yet; empty if nothing
record Promised(String name, String text, String open) {}

/// A test that names promises.
///
/// @param test class and method
/// @param anywhere whether the class is abstract: those that extend it run the test
record Test(List<String> promises, String module, String type, String method, boolean anywhere, String tier) {
    String name() {
        return type + "." + method;
    }
}

List<String> faults(List<Test> tests) {
    List<String> faults = new ArrayList<>();
    List<String> names = PROMISES.stream().map(Promised::name).toList();
    for (Test test : tests) {
        test.promises().stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> faults.add(test.name() + " names " + name + ", which is no promise"));
    }
    for (Promised promised : PROMISES) {
        if (promised.open().isEmpty() && tests.stream().noneMatch(test -> test.promises().contains(promised.name()))) {
            faults.add("no test names " + promised.name() + " (" + promised.text()
                    + "), and it is not said to be open (scripts/lib/Promises.java)");
        }
    }
    return faults;
}

List<Test> tests(Path root) throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root, 5)) {
        for (Path folder : all.filter(path -> path.endsWith("src/test/java")).toList()) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path path : files.filter(one -> one.toString().endsWith(".java")).toList()) {
                    if (Files.readString(path).contains("@Promise(")) {
                        sources.add(path);
                    }
                }
            }
        }
    }
    List<Test> tests = new ArrayList<>();
    if (sources.isEmpty()) {
        return tests;
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
        Iterable<? extends JavaFileObject> units = files.getJavaFileObjectsFromPaths(sources);
        JavacTask task = (JavacTask) compiler.getTask(null, files, null, null, null, units);
        for (CompilationUnitTree unit : task.parse()) {
            String module = root.relativize(Path.of(unit.getSourceFile().toUri())).toString().replaceFirst("/src/.*", "");
            for (Tree type : unit.getTypeDecls()) {
                if (type instanceof ClassTree declared) {
                    of(declared, module, tests);
                }
            }
        }
    }
    tests.sort(Comparator.comparing(Test::module).thenComparing(Test::name));
    return tests;
}

void of(ClassTree type, String module, List<Test> tests) {
    for (Tree member : type.getMembers()) {
        if (member instanceof MethodTree method) {
            List<String> promises = values(method.getModifiers(), "Promise");
            if (!promises.isEmpty()) {
                tests.add(new Test(
                        promises,
                        module,
                        type.getSimpleName().toString(),
                        method.getName().toString(),
                        type.getModifiers().getFlags().contains(Modifier.ABSTRACT),
                        tier(type.getModifiers(), method.getModifiers())));
            }
        }
    }
}

/// The script that runs it: its own tags, and those of its class.
String tier(ModifiersTree type, ModifiersTree method) {
    List<String> tags = new ArrayList<>(values(type, "Tag"));
    tags.addAll(values(method, "Tag"));
    return tags.contains("long") ? "long" : tags.contains("slow") ? "test" : "check";
}

List<String> values(ModifiersTree modifiers, String annotation) {
    List<String> values = new ArrayList<>();
    for (AnnotationTree one : modifiers.getAnnotations()) {
        if (one.getAnnotationType().toString().equals(annotation)) {
            one.getArguments().forEach(argument -> add(argument, values));
        }
    }
    return values;
}

void add(ExpressionTree argument, List<String> values) {
    switch (argument) {
        case AssignmentTree assigned -> add(assigned.getExpression(), values);
        case NewArrayTree array -> array.getInitializers().forEach(one -> add(one, values));
        case LiteralTree literal -> values.add(String.valueOf(literal.getValue()));
        default -> throw new IllegalArgumentException("a promise is named by a string, not by " + argument);
    }
}

/// What the file says of the last long run, by promise and test.
Map<String, String> results(String page) {
    Map<String, String> results = new TreeMap<>();
    for (String line : page.lines().toList()) {
        String[] cells = line.split(" *\\| *", -1);
        if (cells.length == 6 && cells[1].startsWith("`")) {
            results.put(cells[1], cells[4]);
        }
    }
    return results;
}

/// How the tests of the last run of Maven ended, by their names.
Map<String, String> ran(Path root, List<Test> tests, String run) throws Exception {
    record Ended(String type, String method, Optional<String> wrong) {}
    List<Ended> all = new ArrayList<>();
    for (Path report : reports(root)) {
        NodeList cases = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element one = (Element) cases.item(i);
            all.add(new Ended(
                    one.getAttribute("classname").replaceFirst("\\[.*", "").replaceFirst(".*\\.", ""),
                    one.getAttribute("name").replaceFirst("[(\\[{ ].*", ""),
                    Stream.of("failure", "error", "skipped")
                            .filter(tag -> one.getElementsByTagName(tag).getLength() > 0)
                            .findFirst()));
        }
    }
    Map<String, String> results = new TreeMap<>();
    for (Test test : tests) {
        List<Ended> own = all.stream()
                .filter(ended -> ended.method().equals(test.method())
                        && (test.anywhere() || ended.type().equals(test.type())))
                .toList();
        List<String> wrong = own.stream().flatMap(ended -> ended.wrong().stream()).toList();
        String result = own.isEmpty() ? "NOT RUN"
                : wrong.stream().anyMatch(tag -> !tag.equals("skipped")) ? "FAILED"
                : wrong.size() == own.size() ? "NOT RUN"
                : wrong.isEmpty() ? "passed" : "passed, partly not run";
        results.put("`" + test.name() + "`", result + ", " + run);
    }
    return results;
}

List<Path> reports(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root, 6)) {
        return files.filter(file -> file.getParent().endsWith("target/surefire-reports"))
                .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                .sorted()
                .toList();
    }
}

String page(List<Test> tests, Map<String, String> results) {
    StringBuilder page = new StringBuilder("""
            # What we promise of a gateway, and the tests that hold us to it

            Made from the tests that name a promise (`@Promise`): `./scripts/format` writes this file, `./scripts/check` says when it is
            not what the tests say. Tests of the tier *check* run in all of `./scripts/check`, `./scripts/test` and
            `./scripts/test --long`, those of the tier *test* in the last two, and *long* in the last alone, which notes the results
            here. The numbers are those of the list that the project began with, so there are gaps.

            """);
    page.append("| promise | | tests | held |\n|---|---|---|---|\n");
    for (Promised promised : PROMISES) {
        long count = tests.stream().filter(test -> test.promises().contains(promised.name())).count();
        page.append("| [").append(promised.name()).append("](#").append(promised.name().toLowerCase(Locale.ROOT))
                .append(") | ").append(promised.text()).append(" | ").append(count == 0 ? "none" : count).append(" | ")
                .append(promised.open().isEmpty() ? "yes" : count == 0 ? "**not yet**" : "**in part**").append(" |\n");
    }
    for (Promised promised : PROMISES) {
        page.append("\n## ").append(promised.name()).append("\n\n").append(promised.text()).append(".\n\n");
        if (!promised.open().isEmpty()) {
            page.append("**Not held yet: ").append(promised.open()).append(".**\n\n");
        }
        List<Test> own = tests.stream().filter(test -> test.promises().contains(promised.name())).toList();
        if (!own.isEmpty()) {
            page.append("| test | module | tier | last result |\n|---|---|---|---|\n");
        }
        for (Test test : own) {
            String name = "`" + test.name() + "`";
            page.append("| ").append(name).append(" | ").append(test.module()).append(" | ").append(test.tier())
                    .append(" | ").append(results.getOrDefault(name, NEVER)).append(" |\n");
        }
    }
    return page.toString().stripTrailing() + "\n";
}
