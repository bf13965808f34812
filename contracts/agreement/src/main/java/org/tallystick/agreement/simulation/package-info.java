/// What terms would come to: the settlement of events that are imagined, before anybody signs.
///
/// Nothing is computed here that settlement does not compute: every figure is that of
/// [org.tallystick.agreement.settlement.CaseFile] for events that were made up or moved. Start at
/// [org.tallystick.agreement.simulation.Simulated], then [org.tallystick.agreement.simulation.Specimens] for events
/// that a clause counts, [org.tallystick.agreement.simulation.LimitStudy] for both sides of a tier's limit, and
/// [org.tallystick.agreement.simulation.Sweep] for payouts against volume.
@NullMarked
package org.tallystick.agreement.simulation;

import org.jspecify.annotations.NullMarked;
