package org.tallystick.ledger.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChannelMembersTest {

    private final ChannelMembers three = new ChannelMembers(List.of("east", "north", "west"));

    @Test
    void hosts_are_asked_first_then_the_own_member_up_to_a_majority() {
        assertThat(three.endorsers(Set.of("west"), "north")).containsExactly("west", "north");
        assertThat(three.endorsers(Set.of("north"), "north")).containsExactly("north", "east");
        assertThat(three.endorsers(Set.of("east", "north", "west"), "north")).containsExactly("east", "north", "west");
    }

    @Test
    void whoever_hosts_at_no_member_lets_the_peer_choose() {
        assertThat(three.endorsers(Set.of("south"), "north")).isEmpty();
        assertThat(three.endorsers(Set.of(), "north")).isEmpty();
    }

    @Test
    void without_the_own_member_others_are_asked_as_long_as_they_are_a_majority() {
        ChannelMembers two = new ChannelMembers(List.of("east", "north"));

        assertThat(three.endorsersWithout("north", Set.of("north"))).containsExactly("east", "west");
        assertThat(three.endorsersWithout("north", Set.of("west"))).containsExactly("west", "east");
        assertThat(two.endorsersWithout("north", Set.of("east"))).isEmpty();
    }
}
