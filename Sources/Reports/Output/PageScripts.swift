import Foundation

/// The style sheet and the scripts of web pages, which are part of them.
enum PageScripts {
    static let stylesheet =
        String(decoding: PackageResources.page_css, as: UTF8.self)
        + String(decoding: PackageResources.viewer_css, as: UTF8.self)

    /// The scripts that a page has a use for, each with its data.
    static func elements(for html: String, pictures: PagePictures) -> String {
        var scripts: [[UInt8]] = []
        var data = ""
        if html.contains("<table>") { scripts.append(PackageResources.tables_js) }
        if html.contains("<nav ") { scripts.append(PackageResources.contents_js) }
        if html.contains("<div class=\"gallery\"") { scripts.append(PackageResources.gallery_js) }
        if pictures.isViewable(html) { scripts.append(PackageResources.viewer_js) }
        if let map = pictures.mapData {
            data = "\n<script type=\"application/json\" id=\"whalebook-map\">\(map)</script>"
            scripts.append(PackageResources.map_js)
        }
        return data
            + scripts.map { script in
                // A page is well-formed XML, too, in which signs of comparison need this section.
                "\n<script>\n//<![CDATA[\n\(String(decoding: script, as: UTF8.self))//]]>\n</script>"
            }.joined()
    }
}
