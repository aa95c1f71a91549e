import DatasetKit
import Testing

@Suite struct NameTemplateTests {
    @Test(arguments: [
        ("{key}.*", "a.jpg", "a"), ("{key}.*", "a.b.PNG", "a.b"), ("{key}.*", "a.txt", nil),
        ("{key}.*", ".jpg", nil), ("{key}.*", "a", nil),
        ("{key}_A.*", "12_A.jpg", "12"), ("{key}_A.*", "12_B.jpg", nil),
        ("{key}_A.*", "_A.jpg", nil),
        ("{key}_A.png", "12_A.png", "12"), ("{key}_A.png", "12_A.jpg", nil),
        ("in-{key}.*", "in-7.tif", "7"), ("in-{key}.*", "out-7.tif", nil),
        ("{key}_gtFine_*.*", "aachen_000_gtFine_color.png", "aachen_000"),
        ("*_{key}.*", "frame_0_1.png", "0_1"), ("{key}_*", "a_b_c.png", "a_b"),
        ("{key}", "odd.name", "odd.name"),
    ])
    func theKeyIsWhatTheTemplateLeavesOpen(
        _ template: String,
        _ name: String,
        _ key: String?
    ) throws {
        #expect(try #require(NameTemplate(template)).key(of: name) == key)
    }

    @Test(arguments: ["", "a.png", "{key}{key}.*", "{key}/a.*", "{Key}.*"])
    func otherTextsAreNoTemplates(_ text: String) {
        #expect(NameTemplate(text) == nil)
    }

    @Test func theFirstFormThatFitsCounts() throws {
        let templates = NameTemplates(
            templates: try ["{key}_A.*", "{key}.*"].map { try #require(NameTemplate($0)) }
        )
        #expect(templates.key(of: "5_A.jpg") == "5")
        #expect(templates.key(of: "5.jpg") == "5")
        #expect(templates.key(of: "5.txt") == nil)
    }
}
