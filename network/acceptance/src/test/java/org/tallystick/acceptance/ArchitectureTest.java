package org.tallystick.acceptance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The shape of the code base, checked on every build. Change a rule here together with the decision that says why.
final class ArchitectureTest {

    private static final String RULES = "org.tallystick.agreement..";
    private static final String SAME_EVERYWHERE =
            "every endorsing peer, and a verifier ten years on, must compute the same bytes";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("org.tallystick");

    @Test
    void dependencies_point_towards_the_agreement() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("org.tallystick..")
                .layer("agreement")
                .definedBy("org.tallystick.agreement..")
                .layer("chaincode")
                .definedBy("org.tallystick.chaincode..")
                .layer("ledger client")
                .definedBy("org.tallystick.ledger..")
                .layer("embedded ledger")
                .definedBy("org.tallystick.embedded..")
                .layer("fabric network")
                .definedBy("org.tallystick.fabric..")
                .layer("gateway")
                .definedBy("org.tallystick.gateway..")
                .layer("acceptance")
                .definedBy("org.tallystick.acceptance..")
                .whereLayer("acceptance")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("gateway")
                .mayOnlyBeAccessedByLayers("acceptance")
                .whereLayer("embedded ledger")
                .mayOnlyBeAccessedByLayers("acceptance")
                .whereLayer("fabric network")
                .mayOnlyBeAccessedByLayers("acceptance")
                .whereLayer("chaincode")
                .mayOnlyBeAccessedByLayers("embedded ledger", "fabric network", "acceptance")
                .whereLayer("ledger client")
                .mayOnlyBeAccessedByLayers("gateway", "embedded ledger", "fabric network", "acceptance")
                .whereLayer("agreement")
                .mayOnlyBeAccessedByLayers(
                        "chaincode", "ledger client", "embedded ledger", "fabric network", "gateway", "acceptance")
                .check(CLASSES);
    }

    @Test
    void packages_do_not_depend_on_each_other_in_circles() {
        slices().matching("org.tallystick.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void the_agreement_is_plain_java_and_signing_alone_knows_bouncy_castle() {
        classes()
                .that()
                .resideInAPackage(RULES)
                .and()
                .resideOutsideOfPackage("org.tallystick.agreement.signing")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        RULES,
                        "java.lang..",
                        "java.math",
                        "java.nio",
                        "java.nio.charset",
                        "java.security",
                        "java.time..",
                        "java.util",
                        "java.util.function",
                        "java.util.random",
                        "java.util.regex",
                        "java.util.stream",
                        "java.util.zip",
                        "org.jspecify..")
                .because("an auditor must be able to run the rules with nothing else installed")
                .check(CLASSES);
    }

    @Test
    void the_agreement_gives_the_same_answer_everywhere() {
        noClasses()
                .that()
                .resideInAPackage(RULES)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.util.concurrent..", "java.nio.file..")
                .because(SAME_EVERYWHERE)
                .check(CLASSES);
        noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(RULES)
                .should()
                .haveRawType(double.class)
                .orShould()
                .haveRawType(float.class)
                .because("money is counted, not measured")
                .check(CLASSES);
    }

    @Test
    void nothing_in_the_agreement_goes_through_a_collection_in_hash_order() {
        noClasses()
                .that()
                .resideInAPackage(RULES)
                .should()
                .callMethodWhere(iterationOf(HashMap.class, HashSet.class))
                .because(SAME_EVERYWHERE)
                .check(CLASSES);
    }

    @Test
    void each_big_library_lives_behind_one_package() {
        onlyIn(
                "org.hyperledger.fabric.shim..",
                "org.tallystick.chaincode..",
                "org.tallystick.embedded..",
                "org.tallystick.acceptance.bench.plain..");
        onlyIn(
                "org.hyperledger.fabric.client..",
                "org.tallystick.ledger.fabric..",
                "org.tallystick.acceptance.stock..");
        onlyIn("io.vertx..", "org.tallystick.gateway..");
        for (String library : List.of("org.sqlite..", "org.postgresql..", "com.zaxxer..", "org.flywaydb..")) {
            onlyIn(library, "org.tallystick.gateway.store..");
        }
        for (String library : List.of("io.micrometer..", "io.prometheus..")) {
            onlyIn(library, "org.tallystick.gateway.metrics..");
        }
        onlyIn("io.opentelemetry..", "org.tallystick.gateway.traces..");
        onlyIn("me.tongfei..", "org.tallystick.ledger.cli..");
        onlyIn("org.openpdf..", "org.tallystick.ledger.pdf..");
        onlyIn(
                "com.fasterxml.jackson..",
                "org.tallystick.ledger.client..",
                "org.tallystick.ledger.cli..",
                "org.tallystick.ledger.yaml..",
                "org.tallystick.gateway..");
    }

    private static void onlyIn(String library, String... packages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .because("each big library lives behind one package")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaMethodCall> iterationOf(Class<?>... collections) {
        List<String> iterating = List.of("forEach", "iterator", "keySet", "values", "entrySet", "stream", "replaceAll");
        return DescribedPredicate.describe(
                "iterates over a hash collection",
                call -> iterating.contains(call.getTarget().getName())
                        && List.of(collections).stream()
                                .anyMatch(collection -> call.getTargetOwner().isAssignableTo(collection)));
    }
}
