import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// How the names of tests begin that need a Docker engine.
private static final String CONTAINERS = "Docker";

/// Reads Surefire's reports and prints what ran, what did not and why: the end of `./scripts/check` and `./scripts/test`.
///
/// Usage: java Report.java ROOT STATUS
void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Map<String, int[]> modules = new TreeMap<>();
    Map<String, Integer> reasons = new TreeMap<>();
    List<String> failed = new ArrayList<>();
    Map<String, Integer> inContainers = new TreeMap<>();
    for (Path report : reports(root)) {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
        String module = root.relativize(report.getParent().getParent().getParent()).toString();
        int[] counts = modules.computeIfAbsent(module, _ -> new int[3]);
        NodeList cases = suite.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element one = (Element) cases.item(i);
            String name = one.getAttribute("classname").replaceFirst(".*\\.", "") + "." + one.getAttribute("name");
            NodeList skipped = one.getElementsByTagName("skipped");
            if (skipped.getLength() > 0) {
                counts[2]++;
                reasons.merge(reason((Element) skipped.item(0)), 1, Integer::sum);
            } else if (one.getElementsByTagName("failure").getLength() + one.getElementsByTagName("error").getLength() > 0) {
                counts[1]++;
                failed.add(module + ": " + name);
            } else {
                counts[0]++;
                if (name.startsWith(CONTAINERS)) {
                    inContainers.merge(name.substring(0, name.indexOf('.')), 1, Integer::sum);
                }
            }
        }
    }
    IO.println("");
    IO.println(String.format("%-24s %8s %8s %8s", "module", "passed", "failed", "not run"));
    int[] all = new int[3];
    modules.forEach((module, counts) -> {
        IO.println(String.format("%-24s %8d %8d %8d", module, counts[0], counts[1], counts[2]));
        for (int i = 0; i < all.length; i++) {
            all[i] += counts[i];
        }
    });
    withTests(root).stream()
            .filter(module -> !modules.containsKey(module))
            .forEach(module -> IO.println("not run: " + module + ": it was not reached, something before it failed"));
    inContainers.forEach((test, times) -> IO.println("ran: Docker: " + test + ", " + times + " tests"));
    reasons.forEach((reason, times) -> IO.println("not run: " + reason + (times > 1 ? " (" + times + " tests)" : "")));
    Path notes = root.resolve("target/not-run.txt");
    if (Files.exists(notes)) {
        Files.readAllLines(notes).forEach(line -> IO.println("not run: " + line));
    }
    failed.forEach(name -> IO.println("FAILED: " + name));
    IO.println("");
    IO.println(all[0] + " passed, " + all[1] + " failed, " + all[2] + " skipped");
    if (all[0] == 0 || all[1] > 0 || !arguments[1].equals("0")) {
        System.exit(1);
    }
}

/// Why a test was not run: what `@Disabled` says, or the first line of the assumption that failed.
String reason(Element skipped) {
    String said = skipped.getAttribute("message");
    String first = said.isEmpty() ? skipped.getTextContent().strip().lines().findFirst().orElse("") : said;
    String reason = first.replaceFirst(".*Assumption failed: ", "").replaceFirst("^skipped: ", "");
    return reason.isEmpty() ? "no reason was given" : reason;
}

/// The modules that have tests.
List<String> withTests(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root, 3)) {
        return files.filter(file -> file.getFileName().toString().equals("pom.xml"))
                .map(Path::getParent)
                .filter(module -> Files.isDirectory(module.resolve("src/test")))
                .map(module -> root.relativize(module).toString())
                .sorted()
                .toList();
    }
}

List<Path> reports(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root, 6)) {
        return files.filter(file -> file.getParent().endsWith("target/surefire-reports"))
                .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                .sorted()
                .toList();
    }
}
