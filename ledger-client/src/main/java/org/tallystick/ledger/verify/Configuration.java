package org.tallystick.ledger.verify;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.pack.ConfigBlock;
import org.tallystick.ledger.pack.EntryName;
import org.tallystick.ledger.pack.TrustFile;

/// The configuration blocks of the pack: which ledger this is, and that its members' authorities are those trusted.
///
/// Only the genesis block is held by the ledger id. What a later one says of the members must be what the trust file
/// says, so nothing is believed because of it but revocations.
final class Configuration {

    private final Findings findings;
    private final Optional<TrustFile> trust;
    private final TreeMap<Long, ConfigBlock> blocks = new TreeMap<>();
    /// By the number of the first block for which they hold: a configuration, or a change in the trust file.
    private final Map<String, Authorities> authorities = new HashMap<>();

    Configuration(Findings findings, Optional<TrustFile> trust) {
        this.findings = findings;
        this.trust = trust;
    }

    /// Takes in the next block; nothing if it is none.
    Optional<ConfigBlock> add(EntryName name, Bytes content) {
        Place place = Place.of(name);
        return switch (ConfigBlock.read(content)) {
            case ConfigBlock.Misformed(var text) -> {
                findings.fail(Check.PACK_LEDGER, place, "not a block: " + text);
                yield Optional.empty();
            }
            case ConfigBlock.Other _ -> {
                findings.fail(Check.PACK_LEDGER, place, "not a configuration block");
                yield Optional.empty();
            }
            case ConfigBlock.Parsed(var block) -> {
                check(block, content, name, place);
                blocks.put(block.number(), block);
                yield Optional.of(block);
            }
        };
    }

    private void check(ConfigBlock block, Bytes content, EntryName name, Place place) {
        findings.same(
                Check.PACK_LEDGER,
                place,
                Json.whole(name.block()),
                Json.whole(block.number()),
                "the block has another number");
        if (!block.bytes().equals(content)) {
            findings.fail(Check.PACK_LEDGER, place, "more than header and data, or another spelling than Fabric's");
        }
        findings.same(
                Check.PACK_LEDGER,
                place,
                block.statedData().toHex(),
                block.data().hex(),
                "the header has another hash of the data");
        ConfigBlock before = blocks.get(block.number() - 1);
        if (before != null) {
            findings.same(
                    Check.PACK_LEDGER,
                    place,
                    block.previous().toHex(),
                    before.hash().hex(),
                    "the header has another hash of the block before");
        }
        if (!blocks.isEmpty()) {
            findings.same(
                    Check.PACK_LEDGER,
                    place,
                    block.channel(),
                    blocks.firstEntry().getValue().channel(),
                    "the block is of another channel");
        }
        trust.ifPresent(file -> compare(file, block, place));
    }

    private void compare(TrustFile file, ConfigBlock block, Place place) {
        TreeMap<String, SortedSet<String>> stated = new TreeMap<>();
        block.members().forEach((member, found) -> stated.put(member, keys(found.roots())));
        TreeMap<String, SortedSet<String>> trusted = new TreeMap<>();
        for (TrustFile.Trusted one : file.members()) {
            if (one.countsAt(block.number())) {
                trusted.computeIfAbsent(one.member(), _ -> new TreeSet<>())
                        .addAll(keys(
                                one.authorities().stream().map(Bytes::ofUtf8).toList()));
            }
        }
        findings.sameValue(
                Check.PACK_TRUST,
                place,
                json(stated),
                json(trusted),
                "the members or their authorities differ from those of the trust file");
    }

    /// The hash of each certificate, which says nothing about how it was spelled.
    private static SortedSet<String> keys(List<Bytes> pems) {
        TreeSet<String> keys = new TreeSet<>();
        for (X509Certificate certificate : Authorities.certificates(pems)) {
            try {
                keys.add(Hash.of(Bytes.copyOf(certificate.getEncoded())).hex());
            } catch (java.security.cert.CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read can be written", e);
            }
        }
        return keys;
    }

    private static Json json(SortedMap<String, SortedSet<String>> members) {
        TreeMap<String, Json> json = new TreeMap<>();
        members.forEach((member, keys) -> json.put(member, Json.texts(keys)));
        return new Json.Obj(json);
    }

    Optional<ConfigBlock> genesis() {
        return Optional.ofNullable(blocks.get(0L));
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /// Who vouches for certificates in a transaction of this block.
    Authorities at(long block) {
        var config = Optional.ofNullable(blocks.floorEntry(block)).map(Map.Entry::getValue);
        String same = config.map(ConfigBlock::number).orElse(-1L) + " "
                + trust.map(file -> file.members().stream()
                                .filter(one -> one.countsAt(block))
                                .toList()
                                .hashCode())
                        .orElse(0);
        return authorities.computeIfAbsent(same, _ -> Authorities.at(block, trust, config));
    }
}
