package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.pack.BlockLeaves;
import org.tallystick.ledger.pack.ChainLeaves;
import org.tallystick.ledger.pack.Cover;

class BlockLeavesTest {

    private static final TestStory STORY = TestStory.small(7);

    private static List<LedgerBlock> blocks() throws Exception {
        List<LedgerBlock> blocks = new ArrayList<>();
        try (BlockStream stream = STORY.ledger.blocks(0)) {
            while (stream.hasNext()) {
                blocks.add(stream.next());
            }
        }
        return blocks;
    }

    private static List<ChainLeaves.Placed> leaves(BlockLeaves projection, List<LedgerBlock> blocks)
            throws LedgerException {
        List<ChainLeaves.Placed> leaves = new ArrayList<>();
        for (LedgerBlock block : blocks) {
            leaves.addAll(projection.next(block));
        }
        return leaves;
    }

    private static List<ChainLeaves.Placed> leaves(List<LedgerBlock> blocks) throws LedgerException {
        return leaves(new BlockLeaves(new ChainLeaves()), blocks);
    }

    private static Json.Obj json(ChainLeaves.Placed leaf) {
        return (Json.Obj) ((JsonReader.Value) JsonReader.readCanonical(leaf.bytes())).json();
    }

    @Test
    void each_leaf_names_the_one_before_it_in_its_chain() throws Exception {
        TreeMap<String, ChainLeaves.Placed> before = new TreeMap<>();
        for (ChainLeaves.Placed leaf : leaves(blocks())) {
            ChainLeaves.Placed last = before.put(leaf.chain(), leaf);
            assertThat(leaf.hash()).isEqualTo(Merkle.leaf(leaf.bytes()));
            assertThat(json(leaf).text("chain")).isEqualTo(leaf.chain());
            assertThat(json(leaf).whole("seq")).isEqualTo(leaf.seq()).isEqualTo(last == null ? 1 : last.seq() + 1);
            assertThat(json(leaf).text("prev"))
                    .isEqualTo(last == null ? "0".repeat(64) : last.hash().hex());
        }
        assertThat(before.keySet()).contains("commit", "reg", "agr/" + TestStory.AGREEMENT, "pty/north/vendor");
    }

    @Test
    void a_pack_states_the_ends_of_the_chains_that_the_blocks_have() throws Exception {
        BlockLeaves projection = new BlockLeaves(new ChainLeaves());
        var _ = leaves(projection, blocks());

        Cover cover = Verifier.verify(new ByteArrayInputStream(STORY.pack()), Optional.empty())
                .cover()
                .orElseThrow();

        assertThat(cover.chains()).isNotEmpty().allSatisfy(chain -> {
            ChainLeaves.End end = projection.ends().get(chain.chain());
            assertThat(chain.count()).isEqualTo(end == null ? 0 : end.count());
            assertThat(chain.last()).isEqualTo(Optional.ofNullable(end).map(ChainLeaves.End::last));
        });
    }

    @Test
    void every_block_with_leaves_ends_with_its_commit_hash_but_for_the_first() throws Exception {
        for (LedgerBlock block : blocks()) {
            List<ChainLeaves.Placed> leaves = leaves(List.of(block));
            if (block.number() == 0) {
                assertThat(leaves).extracting(ChainLeaves.Placed::chain).containsExactly("reg");
            } else if (!leaves.isEmpty()) {
                assertThat(leaves.subList(0, leaves.size() - 1))
                        .isNotEmpty()
                        .noneMatch(leaf -> leaf.chain().equals("commit"));
                assertThat(json(leaves.getLast()).text("commit"))
                        .isEqualTo(block.commit().orElseThrow().hex());
                assertThat(json(leaves.getLast()).items("at"))
                        .containsExactly(Json.whole(block.number()), Json.whole(block.size()), Json.whole(0));
            }
        }
    }

    @Test
    void a_peer_whose_state_differs_has_another_root_from_there_on() throws Exception {
        List<LedgerBlock> blocks = blocks();
        List<LedgerBlock> other = new ArrayList<>(blocks);
        int at = blocks.size() - 1;
        LedgerBlock last = blocks.get(at);
        other.set(
                at,
                new LedgerBlock(
                        last.number(),
                        last.bytes(),
                        last.size(),
                        blocks.get(at - 1).commit(),
                        last.transactions()));

        List<ChainLeaves.Placed> ours = leaves(blocks);
        List<ChainLeaves.Placed> theirs = leaves(other);

        assertThat(theirs).hasSameSizeAs(ours);
        assertThat(theirs.subList(0, ours.size() - 1)).isEqualTo(ours.subList(0, ours.size() - 1));
        assertThat(theirs.getLast().hash()).isNotEqualTo(ours.getLast().hash());
    }

    @Test
    void who_goes_on_from_the_ends_makes_the_same_leaves() throws Exception {
        List<LedgerBlock> blocks = blocks();
        List<ChainLeaves.Placed> all = leaves(blocks);

        for (int cut = 0; cut <= blocks.size(); cut++) {
            BlockLeaves first = new BlockLeaves(new ChainLeaves());
            List<ChainLeaves.Placed> together = leaves(first, blocks.subList(0, cut));
            together.addAll(leaves(new BlockLeaves(new ChainLeaves(first.ends())), blocks.subList(cut, blocks.size())));
            assertThat(together).isEqualTo(all);
        }
    }

    @Test
    void a_block_without_a_commit_hash_is_none_of_a_peer() throws Exception {
        LedgerBlock last = blocks().getLast();
        LedgerBlock without =
                new LedgerBlock(last.number(), last.bytes(), last.size(), Optional.empty(), last.transactions());

        assertThatThrownBy(() -> leaves(List.of(without)))
                .isInstanceOf(LedgerException.Refused.class)
                .hasMessageContaining("block " + last.number())
                .hasMessageContaining("commit hash");
    }
}
