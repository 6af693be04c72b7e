#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few functions of cairo that draw a scene, looked up when a PNG is asked for: a program that never draws one neither needs
/// the library nor waits for it. They are declared here as cairo.h declares them, so that building needs nothing of it either.
struct Cairo: @unchecked Sendable {
  // Proof for @unchecked: all members are addresses of C functions, which never change and which cairo allows on any thread
  // as long as a surface is used by one, and each is used by the call that makes it.

  typealias Context = OpaquePointer
  typealias Surface = OpaquePointer
  typealias Write = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt32) -> Int32
  typealias Numbers1 = @convention(c) (Context?, Double) -> Void
  typealias Numbers2 = @convention(c) (Context?, Double, Double) -> Void
  typealias Numbers4 = @convention(c) (Context?, Double, Double, Double, Double) -> Void
  typealias Plain = @convention(c) (Context?) -> Void
  typealias Choice = @convention(c) (Context?, Int32) -> Void

  /// cairo_text_extents_t.
  struct Extents {
    var xBearing = 0.0
    var yBearing = 0.0
    var width = 0.0
    var height = 0.0
    var xAdvance = 0.0
    var yAdvance = 0.0
  }

  let makeSurface: @convention(c) (Int32, Int32, Int32) -> Surface?
  let surfaceStatus: @convention(c) (Surface?) -> Int32
  let destroySurface: @convention(c) (Surface?) -> Void
  let makeContext: @convention(c) (Surface?) -> Context?
  let destroyContext: Plain
  let status: @convention(c) (Context?) -> Int32
  let statusText: @convention(c) (Int32) -> UnsafePointer<CChar>?
  let scale: Numbers2
  let save: Plain
  let restore: Plain
  let translate: Numbers2
  let rotate: Numbers1
  let setColor: Numbers4
  let setWidth: Numbers1
  let setCap: Choice
  let setJoin: Choice
  let setDash: @convention(c) (Context?, UnsafePointer<Double>?, Int32, Double) -> Void
  let newPath: Plain
  let moveTo: Numbers2
  let lineTo: Numbers2
  let arc: @convention(c) (Context?, Double, Double, Double, Double, Double) -> Void
  let closePath: Plain
  let rectangle: Numbers4
  let fill: Plain
  let stroke: Plain
  let paint: Plain
  let selectFont: @convention(c) (Context?, UnsafePointer<CChar>?, Int32, Int32) -> Void
  let setFontSize: Numbers1
  let textExtents: @convention(c) (Context?, UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Void
  let showText: @convention(c) (Context?, UnsafePointer<CChar>?) -> Void
  let writePNG: @convention(c) (Surface?, Write?, UnsafeMutableRawPointer?) -> Int32

  static let libraryName: String = {
    #if canImport(Darwin)
      "libcairo.2.dylib"
    #else
      "libcairo.so.2"
    #endif
  }()

  /// The library, opened at the first call and kept; `nil` where it is not there. The variable NN_CAIRO says where it lies, if that
  /// is nowhere that the system looks.
  static let shared: Cairo? = {
    let given = getenv("NN_CAIRO").map { String(cString: $0) }
    let places =
      given.map { [$0] }
      ?? [libraryName, "/opt/homebrew/lib/" + libraryName, "/usr/local/lib/" + libraryName]
    for place in places {
      if let handle = dlopen(place, RTLD_NOW | RTLD_LOCAL) { return Cairo(handle: handle) }
    }
    return nil
  }()

  private init?(handle: UnsafeMutableRawPointer) {
    func find<Function>(_ name: String, as type: Function.Type) -> Function? {
      guard let symbol = dlsym(handle, name) else { return nil }
      // SAFETY: a function pointer has the size of the address, and each is declared as in cairo.h of every 1.x version.
      return unsafeBitCast(symbol, to: type)
    }
    guard
      let makeSurface = find(
        "cairo_image_surface_create", as: (@convention(c) (Int32, Int32, Int32) -> Surface?).self),
      let surfaceStatus = find("cairo_surface_status", as: (@convention(c) (Surface?) -> Int32).self),
      let destroySurface = find("cairo_surface_destroy", as: (@convention(c) (Surface?) -> Void).self),
      let makeContext = find("cairo_create", as: (@convention(c) (Surface?) -> Context?).self),
      let destroyContext = find("cairo_destroy", as: Plain.self),
      let status = find("cairo_status", as: (@convention(c) (Context?) -> Int32).self),
      let statusText = find(
        "cairo_status_to_string", as: (@convention(c) (Int32) -> UnsafePointer<CChar>?).self),
      let scale = find("cairo_scale", as: Numbers2.self), let save = find("cairo_save", as: Plain.self),
      let restore = find("cairo_restore", as: Plain.self),
      let translate = find("cairo_translate", as: Numbers2.self),
      let rotate = find("cairo_rotate", as: Numbers1.self),
      let setColor = find("cairo_set_source_rgba", as: Numbers4.self),
      let setWidth = find("cairo_set_line_width", as: Numbers1.self),
      let setCap = find("cairo_set_line_cap", as: Choice.self),
      let setJoin = find("cairo_set_line_join", as: Choice.self),
      let setDash = find(
        "cairo_set_dash", as: (@convention(c) (Context?, UnsafePointer<Double>?, Int32, Double) -> Void).self),
      let newPath = find("cairo_new_path", as: Plain.self),
      let moveTo = find("cairo_move_to", as: Numbers2.self),
      let lineTo = find("cairo_line_to", as: Numbers2.self),
      let arc = find(
        "cairo_arc", as: (@convention(c) (Context?, Double, Double, Double, Double, Double) -> Void).self),
      let closePath = find("cairo_close_path", as: Plain.self),
      let rectangle = find("cairo_rectangle", as: Numbers4.self),
      let fill = find("cairo_fill", as: Plain.self), let stroke = find("cairo_stroke", as: Plain.self),
      let paint = find("cairo_paint", as: Plain.self),
      let selectFont = find(
        "cairo_select_font_face",
        as: (@convention(c) (Context?, UnsafePointer<CChar>?, Int32, Int32) -> Void).self),
      let setFontSize = find("cairo_set_font_size", as: Numbers1.self),
      let textExtents = find(
        "cairo_text_extents",
        as: (@convention(c) (Context?, UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Void).self),
      let showText = find(
        "cairo_show_text", as: (@convention(c) (Context?, UnsafePointer<CChar>?) -> Void).self),
      let writePNG = find(
        "cairo_surface_write_to_png_stream",
        as: (@convention(c) (Surface?, Write?, UnsafeMutableRawPointer?) -> Int32).self)
    else { return nil }
    self.makeSurface = makeSurface
    self.surfaceStatus = surfaceStatus
    self.destroySurface = destroySurface
    self.makeContext = makeContext
    self.destroyContext = destroyContext
    self.status = status
    self.statusText = statusText
    self.scale = scale
    self.save = save
    self.restore = restore
    self.translate = translate
    self.rotate = rotate
    self.setColor = setColor
    self.setWidth = setWidth
    self.setCap = setCap
    self.setJoin = setJoin
    self.setDash = setDash
    self.newPath = newPath
    self.moveTo = moveTo
    self.lineTo = lineTo
    self.arc = arc
    self.closePath = closePath
    self.rectangle = rectangle
    self.fill = fill
    self.stroke = stroke
    self.paint = paint
    self.selectFont = selectFont
    self.setFontSize = setFontSize
    self.textExtents = textExtents
    self.showText = showText
    self.writePNG = writePNG
  }
}
