package org.tallystick.agreement.settlement.naive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.*;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

class GeneratedTest {
    @Test
    void probe() {
        SortedSet<String> features = Comparison.features();
        SortedMap<String,Integer> bad = new TreeMap<>();
        Coverage coverage = new Coverage();
        int settled = 0; long t = System.nanoTime();
        for (long seed = 0; seed < 300; seed++) {
            var drawn = Case.draw(seed, features);
            if (TermsReader.read(drawn.terms()) instanceof TermsReading.Refused(var findings)) {
                for (var f : findings) if (!f.code().equals("not_supported_yet")) bad.merge(f.toString(), 1, Integer::sum);
            }
            var said = drawn.settledNaively();
            coverage.add(drawn, said);
            if (!((Json.Obj) said.items().getLast()).has("codes")) settled++;
        }
        System.out.println("settled " + settled + " in " + (System.nanoTime()-t)/1000000 + " ms\n" + coverage + "\n" + bad);
        assertThat(bad).isEmpty();
    }
    @Test
    void compare() {
        SortedSet<String> features = Comparison.supported();
        System.out.println("supported " + features);
        int different = 0, settled = 0; SortedMap<String,Integer> kinds = new TreeMap<>();
        for (long seed = 0; seed < 3000; seed++) {
            var drawn = Case.draw(seed, features);
            var d = Comparison.difference(drawn);
            if (d.isPresent()) {
                different++;
                if (different <= 6) {
                    Case small = Shrinking.shrink(drawn, c -> Comparison.difference(c).filter(x -> !x.contains("valid document") && !x.contains("no case")).isPresent());
                    System.out.println("seed " + seed + "\n" + small.file().canonical().utf8().orElseThrow() + "\n" + Comparison.difference(small).orElse("?"));
                }
            } else settled++;
        }
        System.out.println("agree " + settled + " differ " + different);
    }
}
