package org.tallystick.ledger.chart;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes SVG elements, one on each line; whatever a document calls its parties, it stays well-formed XML.
///
/// The writer is the one of the JDK, so that no other on the class path changes a byte.
final class Svg {

    private static final String NAMESPACE = "http://www.w3.org/2000/svg";
    private static final int HUNDRED = 100;

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter xml;

    Svg() {
        try {
            xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            newLine();
        } catch (XMLStreamException e) {
            throw unwritten(e);
        }
    }

    /// Opens an element with attributes, given as names and values in turn.
    void open(String name, String... attributes) {
        try {
            xml.writeStartElement(name);
            if (name.equals("svg")) {
                xml.writeDefaultNamespace(NAMESPACE);
            }
            write(attributes);
            newLine();
        } catch (XMLStreamException e) {
            throw unwritten(e);
        }
    }

    void close() {
        try {
            xml.writeEndElement();
            newLine();
        } catch (XMLStreamException e) {
            throw unwritten(e);
        }
    }

    void empty(String name, String... attributes) {
        try {
            xml.writeEmptyElement(name);
            write(attributes);
            newLine();
        } catch (XMLStreamException e) {
            throw unwritten(e);
        }
    }

    void text(String name, String content, String... attributes) {
        try {
            xml.writeStartElement(name);
            write(attributes);
            xml.writeCharacters(legal(content));
            xml.writeEndElement();
            newLine();
        } catch (XMLStreamException e) {
            throw unwritten(e);
        }
    }

    /// The whole document; nothing is written after it.
    String end() {
        try {
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw unwritten(e);
        }
        return text.toString();
    }

    /// A length in hundredths of a pixel as SVG writes it: `12.5`.
    static String px(long hundredths) {
        String sign = hundredths < 0 ? "-" : "";
        long whole = Math.abs(hundredths) / HUNDRED;
        long rest = Math.abs(hundredths) % HUNDRED;
        if (rest == 0) {
            return sign + whole;
        }
        return sign + whole + "." + (rest < 10 ? "0" : "") + rest;
    }

    private void write(String... attributes) throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            xml.writeAttribute(attributes[i], legal(attributes[i + 1]));
        }
    }

    private void newLine() throws XMLStreamException {
        xml.writeCharacters("\n");
    }

    /// With a sign in place of what XML 1.0 cannot hold.
    private static String legal(String content) {
        StringBuilder legal = new StringBuilder();
        content.codePoints().forEach(c -> legal.appendCodePoint(isLegal(c) ? c : 0xFFFD));
        return legal.toString();
    }

    private static boolean isLegal(int c) {
        return c == '\t'
                || c == '\n'
                || (c >= 0x20 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || (c >= 0x10000 && c <= 0x10FFFF);
    }

    /// A string cannot fail to be written to.
    private static IllegalStateException unwritten(XMLStreamException e) {
        return new IllegalStateException(e);
    }
}
