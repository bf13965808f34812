package org.tallystick.gateway.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;

/// Which addresses anybody may be sent to: those of the public internet. All others lead into somebody's own network,
/// or to a service of the machine's host that tells secrets.
final class PublicAddress {

    /// Of IPv4: RFC 6890 and its registry, multicast, what was reserved, and a host service of a cloud.
    private static final List<Range> NOT_PUBLIC = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");

    /// Of IPv6 only global unicast is public at all; of that not what is for protocols, examples, or carries IPv4.
    private static final List<Range> GLOBAL = ranges("2000::/3");

    private static final List<Range> NOT_GLOBAL = ranges("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private PublicAddress() {}

    private record Range(Bytes network, int bits) {
        static Range of(String text) {
            String[] parts = text.split("/", -1);
            return new Range(Bytes.copyOf(InetAddress.ofLiteral(parts[0]).getAddress()), Integer.parseInt(parts[1]));
        }

        /// @param address of the same kind
        boolean has(byte[] address) {
            byte[] begin = network.toArray();
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % Byte.SIZE);
                if ((begin[bit / Byte.SIZE] & mask) != (address[bit / Byte.SIZE] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static List<Range> ranges(String... texts) {
        return Stream.of(texts).map(Range::of).toList();
    }

    /// Java shows IPv4 within IPv6 (`::ffff:10.0.0.1`) as IPv4.
    static boolean is(InetAddress address) {
        byte[] octets = address.getAddress();
        return address instanceof Inet4Address
                ? !isIn(NOT_PUBLIC, octets)
                : isIn(GLOBAL, octets) && !isIn(NOT_GLOBAL, octets);
    }

    private static boolean isIn(List<Range> ranges, byte[] octets) {
        return ranges.stream().anyMatch(range -> range.has(octets));
    }
}
