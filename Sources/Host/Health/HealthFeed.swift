/// Who is told what becomes of the server's health: an API that shows it to administrators.
protocol HealthFeed: Sendable {
    func changed(_ change: ProblemList.Change)

    /// A plugin is new, or another one than before.
    func changed(_ plugin: PluginEntry)

    /// A plugin is not listed any more.
    func removed(_ plugin: PluginEntry)

    /// An instance is new, or stands otherwise than before.
    func changed(_ instance: InstanceStanding)
}
