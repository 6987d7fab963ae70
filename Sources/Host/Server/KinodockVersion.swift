/// The version of this program.
enum KinodockVersion {
    static let text = "0.1.0"
}
