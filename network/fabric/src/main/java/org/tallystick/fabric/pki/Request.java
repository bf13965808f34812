package org.tallystick.fabric.pki;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a certificate shall say.
public sealed interface Request {

    /// Long enough that nobody forgets about it every year; `tally network status` warns a month before.
    Duration NODE = Duration.ofDays(5 * 365);

    Duration USER = Duration.ofDays(2 * 365);

    String name();

    Duration validity();

    /// Somebody who signs as the member.
    ///
    /// @param attributes by name, which chaincode reads from the certificate
    record Identity(String name, Role role, SortedMap<String, String> attributes, Duration validity)
            implements Request {
        public Identity {
            attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
        }

        public static Identity of(String name, Role role) {
            return new Identity(name, role, new TreeMap<>(), role == Role.PEER || role == Role.ORDERER ? NODE : USER);
        }

        public Identity with(String attribute, String value) {
            TreeMap<String, String> more = new TreeMap<>(attributes);
            more.put(attribute, value);
            return new Identity(name, role, more, validity);
        }
    }

    /// A server, which may also call others.
    ///
    /// @param hosts names and IPv4 addresses under which it is called
    record Server(String name, List<String> hosts, Duration validity) implements Request {
        public Server {
            hosts = List.copyOf(hosts);
        }

        public static Server of(String name, List<String> hosts) {
            return new Server(name, hosts, NODE);
        }
    }

    /// A program that calls servers and must show a certificate.
    record Caller(String name, Duration validity) implements Request {
        public static Caller of(String name) {
            return new Caller(name, NODE);
        }
    }
}
