package org.tallystick.gateway.configuration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.ledger.yaml.Fault;

/// Whether what a configuration names is there.
public final class ConfigurationChecks {

    private final List<Fault> faults = new ArrayList<>();

    private ConfigurationChecks() {}

    public static List<Fault> faults(Configuration configuration, Map<String, String> environment) {
        ConfigurationChecks checks = new ConfigurationChecks();
        configuration.password().ifPresent(secret -> checks.password(configuration.store(), secret, environment));
        checks.there(
                "/ledger/identity",
                configuration.ledger().identity().map(ConfigurationChecks::folder),
                Files::isDirectory);
        checks.there("/ledger/tlsAuthority", configuration.ledger().tlsAuthority(), Files::isReadable);
        checks.there("/log/keys", configuration.log().keys(), Files::isDirectory);
        checks.there("/webhooks/keys", configuration.webhooks().keys(), Files::isDirectory);
        return List.copyOf(checks.faults);
    }

    /// An identity is a folder, or the name of one in it.
    private static Path folder(Path identity) {
        return Files.isDirectory(identity)
                ? identity
                : Optional.ofNullable(identity.getParent()).orElse(Path.of("."));
    }

    private void password(StoreAddress store, Secret secret, Map<String, String> environment) {
        String at = switch (secret) {
            case Secret.InFile _ -> "/store/passwordFile";
            case Secret.InVariable _ -> "/store/passwordVariable";
        };
        if (store instanceof StoreAddress.File) {
            faults.add(new Fault(at, "is for a database of PostgreSQL, and the store is a file"));
        } else if (secret.read(environment) instanceof Secret.Missing(var why)) {
            faults.add(new Fault(at, why));
        }
    }

    private void there(String at, Optional<Path> path, Predicate<Path> is) {
        path.filter(is.negate()).ifPresent(missing -> faults.add(new Fault(at, "is not there: " + missing)));
    }
}
