/// Statements as PDF: the one place that knows the library which lays them out (OpenPDF).
@NullMarked
package org.tallystick.ledger.pdf;

import org.jspecify.annotations.NullMarked;
