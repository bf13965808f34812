package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.state.LogKeys;
import org.tallystick.ledger.log.Policy;
import org.tallystick.ledger.log.Reading;
import org.tallystick.ledger.log.TlogProof;
import org.tallystick.ledger.pack.TrustFile;

/// Checks the proof of one posting: `docs/spec/pack-1.md` section 8.1.
final class PostingCheck {

    private static final Place PROOF = Place.of("proof");
    private static final Place EXTRA = Place.of("extra");
    private static final int LONGEST_PATH = 64;
    private static final Form HASH = Form.pattern("[0-9a-f]{64}");
    private static final Form FORM = Form.object(Map.of(
            "answer",
            Form.anyObject(),
            "index",
            Form.whole(0, Json.Whole.MAX),
            "leaf",
            Form.anyObject(),
            "line",
            Form.anyObject(),
            "path",
            Form.array(HASH, 0, LONGEST_PATH),
            "proof",
            Form.oneOf("1"),
            "settlement",
            Form.anyObject()));

    private final Findings findings = new Findings();
    private final Optional<TrustFile> trust;

    private PostingCheck(Optional<TrustFile> trust) {
        this.trust = trust;
    }

    /// @param octets of a file that begins as a tlog-proof does
    static Report check(Bytes octets, Optional<TrustFile> trust) {
        PostingCheck check = new PostingCheck(trust);
        switch (TlogProof.parse(octets)) {
            case Reading.Fault<TlogProof>(var why) -> check.fail("no tlog-proof: " + why);
            case Reading.Value<TlogProof>(var proof) -> check.check(proof);
        }
        if (trust.isEmpty()) {
            check.findings.notChecked(Check.PACK_TRUST, "trust root: NOT CHECKED, no trust file was given");
            check.findings.notChecked(Check.OCCURRENCE_INCLUDED, "nothing says whose log this is");
        }
        return new Report(Report.Form.POSTING, Optional.empty(), trust, check.findings.concluded(Report.Form.POSTING));
    }

    private void fail(String text) {
        findings.fail(Check.OCCURRENCE_INCLUDED, PROOF, text);
    }

    private void check(TlogProof proof) {
        Optional<Json.Obj> extra = proof.extra()
                .flatMap(PostingCheck::object)
                .filter(json -> FORM.fault(json).isEmpty());
        if (extra.isEmpty()) {
            fail("not the proof of a posting: its extra is of another form");
            return;
        }
        included(proof, extra.get().object("leaf"));
        posting(extra.get());
    }

    private static Optional<Json.Obj> object(Bytes octets) {
        return JsonReader.readCanonical(octets) instanceof JsonReader.Value(Json.Obj object)
                ? Optional.of(object)
                : Optional.empty();
    }

    private void included(TlogProof proof, Json.Obj leaf) {
        if (!LeafForm.holds(leaf)) {
            fail("this is not the form of a leaf");
        }
        if (!proof.leads(Merkle.leaf(leaf.canonical()).bytes())) {
            fail("the leaf and its path do not lead to the root of the checkpoint");
        }
        trust.ifPresent(file -> {
            findings.same(
                    Check.PACK_TRUST,
                    PROOF,
                    proof.checkpoint().checkpoint().origin(),
                    LogKeys.origin(file.ledger()),
                    "the trust file is for another ledger");
            Optional<Policy> policy = file.policy();
            if (policy.isEmpty()) {
                findings.notChecked(Check.OCCURRENCE_INCLUDED, "the trust file has no policy: whose log this is");
            } else {
                LogCheck.refused(policy.get(), proof.checkpoint()).ifPresent(this::fail);
            }
        });
    }

    private void posting(Json.Obj extra) {
        Json.Obj leaf = extra.object("leaf");
        Json.Obj settlement = extra.object("settlement");
        Json.Obj line = extra.object("line");
        same(
                "/answer",
                text(leaf, "v"),
                Hash.of(extra.object("answer").canonical()).hex(),
                "the leaf is of another answer");
        Hash hash = Hash.of(settlement.canonical());
        Optional<Json.Obj> effect = Items.effect(extra.object("answer"), "settlement");
        same(
                "/settlement",
                effect.map(one -> text(one, "hash")).orElse(""),
                hash.hex(),
                "the answer names another settlement");
        same(
                "/settlement/period",
                effect.map(one -> text(one, "period")).orElse(""),
                text(settlement, "period"),
                "the answer settles another period");
        same(
                "/leaf/chain",
                text(leaf, "chain"),
                "agr/" + text(settlement, "agreement"),
                "the leaf is of another agreement");
        List<Hash> path = new ArrayList<>();
        extra.items("path").forEach(one -> path.add(new Hash(((Json.Text) one).value())));
        long count = settlement.find("count").orElse(Json.whole(0)) instanceof Json.Whole(var whole) ? whole : 0;
        Optional<Hash> root = Merkle.root(Merkle.leaf(line.canonical()), extra.whole("index"), count, path);
        same(
                "/line",
                text(settlement, "postings"),
                root.map(Hash::hex).orElse("no root"),
                "the line is not posting " + (extra.whole("index") + 1) + " of " + count);
        if (!findings.failed(Check.ACCURACY_POSTING)) {
            findings.attention(
                    Check.ACCURACY_POSTING,
                    EXTRA,
                    "posting " + (extra.whole("index") + 1) + " of " + count + " of " + text(settlement, "period")
                            + " of "
                            + text(settlement, "agreement") + ": "
                            + line.canonical().utf8().orElse(""));
        }
    }

    private void same(String pointer, String stated, String computed, String text) {
        findings.same(Check.ACCURACY_POSTING, EXTRA.at(pointer), stated, computed, text);
    }

    private static String text(Json.Obj object, String name) {
        return object.find(name).orElse(Json.Obj.EMPTY) instanceof Json.Text(var text) ? text : "";
    }
}
