//! Everything that can be asked for, as AuditCapability returns it (H.248.1 7.2.6).

use codec_h248::{
    Name, PackageItem, PropertyParm,
    descriptor::{
        EventParameter, EventsDescriptor, NamedParameter, RequestId, RequestedEvent, Signal,
        SignalParm, SignalsDescriptor,
    },
    package::{Access, ItemDefinition, ItemDetails, PackageDefinition, PropertyPlace},
};

use super::{
    Set, line,
    table::{Package, Parameter},
    values::all_of,
};

impl<'p> Set<'p> {
    /// Every event, with every value of its parameters.
    pub(crate) fn events(self) -> EventsDescriptor<'static> {
        let mut events = Vec::new();
        for package in self.published() {
            let own = line(package).flat_map(|package| package.events);
            events.extend(own.map(|event| {
                RequestedEvent {
                    name: PackageItem::known(package.name, event.name),
                    parameters: parameters(package, event.parameters)
                        .map(EventParameter::Other)
                        .collect(),
                }
            }));
        }
        for (package, item) in self.vendor_items() {
            if let ItemDetails::Event { requested, .. } = &item.details {
                let own = requested.iter().map(|one| NamedParameter {
                    name: Name::from(one.name.to_string()),
                    value: all_of(&one.form),
                });
                events.push(RequestedEvent {
                    name: named(package, item),
                    parameters: own.map(EventParameter::Other).collect(),
                });
            }
        }
        EventsDescriptor {
            request_id: Some(RequestId::All),
            events: events.into(),
        }
    }

    /// Every signal that can be played, with every value of its parameters.
    pub(crate) fn signals(self) -> SignalsDescriptor<'static> {
        let mut parms = Vec::new();
        for package in self.published() {
            let own = line(package).flat_map(|package| package.signals);
            parms.extend(own.map(|signal| {
                SignalParm::Signal(Signal {
                    parameters: parameters(package, signal.parameters).collect(),
                    ..Signal::new(PackageItem::known(package.name, signal.name))
                })
            }));
        }
        for (package, item) in self.vendor_items() {
            if let ItemDetails::Signal { parameters, .. } = &item.details {
                let own = parameters.iter().map(|one| NamedParameter {
                    name: Name::from(one.name.to_string()),
                    value: all_of(&one.form),
                });
                parms.push(SignalParm::Signal(Signal {
                    parameters: own.collect(),
                    ..Signal::new(named(package, item))
                }));
            }
        }
        SignalsDescriptor { parms }
    }

    /// Every property of LocalControl or of TerminationState, with every value.
    pub(crate) fn properties(self, of_stream: bool) -> Vec<PropertyParm<'static>> {
        let own = |package: &'static Package| {
            let own = package.properties.iter();
            let own = own.filter(move |property| property.of_stream == of_stream);
            own.map(|property| PropertyParm {
                name: PackageItem::known(package.name, property.name),
                value: property.possible.all(package.name),
            })
        };
        let mut all: Vec<_> = self.published().flat_map(own).collect();
        for (package, item) in self.vendor_items() {
            // What cannot be written is never set, and has no value here.
            if let ItemDetails::Property {
                form,
                place,
                access: Access::ReadWrite,
            } = &item.details
                && (*place == PropertyPlace::LocalControl) == of_stream
                && *place != PropertyPlace::ContextAttribute
            {
                all.push(PropertyParm {
                    name: named(package, item),
                    value: all_of(form),
                });
            }
        }
        all
    }

    fn vendor_items(self) -> impl Iterator<Item = (&'p PackageDefinition, &'p ItemDefinition)> {
        let vendors = self.packages.vendors.iter();
        let vendors = vendors.filter_map(move |name| self.packages.registry.package(name));
        vendors.flat_map(|package| package.items.iter().map(move |item| (package, item)))
    }
}

fn parameters(
    package: &'static Package,
    known: &'static [Parameter],
) -> impl Iterator<Item = NamedParameter<'static>> {
    known.iter().map(|parameter| NamedParameter {
        name: parameter.name.into(),
        value: parameter.possible.all(package.name),
    })
}

fn named(package: &PackageDefinition, item: &ItemDefinition) -> PackageItem<'static> {
    PackageItem {
        package: package.name.to_string().into(),
        item: item.name.to_string().into(),
    }
}
